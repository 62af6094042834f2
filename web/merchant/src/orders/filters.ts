/** What the list of orders shows, as the address says it. */

import { VIEWS, type OrderState } from './states'

export const SPANS = ['1', '7', '30'] as const
const NUMBER = /^\d{6,20}$/

export interface Filters {
  view: string
  q: string
  /** Days back to where it begins; empty for all. */
  days: string
}

export interface Asked {
  state: OrderState[]
  number?: string
  placed_from?: string
}

/** The view that is shown: a number is sought among all orders. */
export function viewOf({ view, q }: Filters): string {
  if (NUMBER.test(q)) return 'all'
  return Object.hasOwn(VIEWS, view) ? view : 'to_accept'
}

/** What the API is asked. Days are those of the one who looks, today included. */
export function askedBy(filters: Filters, now = new Date()): Asked {
  const state = VIEWS[viewOf(filters)] ?? []
  if (NUMBER.test(filters.q)) return { state, number: filters.q }
  if (!(SPANS as readonly string[]).includes(filters.days)) return { state }
  const from = new Date(now.getFullYear(), now.getMonth(), now.getDate() - Number(filters.days) + 1)
  return { state, placed_from: from.toISOString() }
}

interface Named {
  number: string
  lines: { title: string; options: string }[]
}

/** Orders with the words in their number or products; a whole number was sought by the API already. */
export function withWords<Order extends Named>(orders: Order[], q: string): Order[] {
  const words = q.trim().toLowerCase()
  if (!words || NUMBER.test(words)) return orders
  return orders.filter(({ number, lines }) => `${number} ${lines.map((line) => `${line.title} ${line.options}`).join(' ')}`.toLowerCase().includes(words))
}
