/** The tabs of the list of orders, and what each of them reads. */

import type { OrderCounts } from '@jishi/client'
import type { OrderState } from './state'

export const TABS = ['all', 'pay', 'ship', 'receive', 'done', 'refunds'] as const
export type Tab = (typeof TABS)[number]

/** States of the orders of a tab; unpaid ones are shown by checkout, since they are paid together. */
export const STATES: Record<Tab, OrderState[]> = {
  all: ['confirmed', 'preparing', 'shipped', 'delivered', 'completed', 'cancelling', 'cancelled'],
  pay: [],
  ship: ['confirmed', 'preparing'],
  receive: ['shipped', 'delivered'],
  done: ['completed'],
  refunds: [],
}

export function tabOf(asked: unknown): Tab {
  return TABS.find((tab) => tab === asked) ?? 'all'
}

export function countOf(tab: Tab, counts: OrderCounts | undefined): number {
  const found: Partial<Record<Tab, number>> = {
    pay: counts?.to_pay,
    ship: counts?.to_ship,
    receive: counts?.to_receive,
    refunds: counts?.refunds,
  }
  return found[tab] ?? 0
}

/** The clauses of the headline: what waits, the most urgent first, at most two of them. */
export function headlineOf(counts: OrderCounts | undefined): { tab: Tab; n: number }[] {
  const order: Tab[] = ['pay', 'receive', 'refunds', 'ship']
  return order.map((tab) => ({ tab, n: countOf(tab, counts) })).filter(({ n }) => n > 0).slice(0, 2)
}
