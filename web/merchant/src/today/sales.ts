/** Sales of a shop, of the last days and of the days before them. */

import type { ShopSales } from '@jishi/client'

type Day = Pick<ShopSales['days'][number], 'day' | 'orders' | 'gross' | 'refunded' | 'net'>

export interface Span {
  gross: number
  orders: number
  refunded: number
  net: number
  /** What was sold in as many days before; undefined if these are not all known. */
  before?: number
}

/** The last so many days together. */
export function lastDays(days: Day[], count: number): Span {
  const sum = (part: Day[], of: (day: Day) => number) => part.reduce((total, day) => total + of(day), 0)
  const last = days.slice(-count)
  const known = days.slice(0, -count).slice(-count)
  return {
    gross: sum(last, (day) => day.gross.amount),
    orders: sum(last, (day) => day.orders),
    refunded: sum(last, (day) => day.refunded.amount),
    net: sum(last, (day) => day.net.amount),
    ...(known.length === count ? { before: sum(known, (day) => day.gross.amount) } : {}),
  }
}

/** The change in per cent; undefined if there is nothing to compare with. */
export function changeOf({ gross, before }: Span): number | undefined {
  return before ? Math.round(((gross - before) / before) * 100) : undefined
}

/** The day with the most sales; undefined if nothing was sold. */
export function bestOf<Each extends Day>(days: Each[]): Each | undefined {
  const best = days.reduce<Each | undefined>((found, day) => (!found || day.gross.amount > found.gross.amount ? day : found), undefined)
  return best && best.gross.amount > 0 ? best : undefined
}
