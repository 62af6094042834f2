/** What has become dearer or cheaper than what the shopper has seen, so that it is said before anybody pays it. */

import type { Quote, QuoteLine } from '@jishi/client'

export interface Change {
  title: string
  /** Minor units of one piece. */
  before: number
  now: number
}

/** Prices of one piece by SKU, in minor units. */
export type Prices = Readonly<Record<string, number>>

export function pricesOf(quote: Quote): Prices {
  return Object.fromEntries(linesOf(quote).map((line) => [line.sku_id, line.unit_price.amount]))
}

export function changesOf(before: Prices, now: Quote): Change[] {
  return linesOf(now).flatMap(({ sku_id, title, unit_price }) => {
    const was = before[sku_id]
    return was === undefined || was === unit_price.amount ? [] : [{ title, before: was, now: unit_price.amount }]
  })
}

export function linesOf(quote: Quote): QuoteLine[] {
  return quote.shops.flatMap((shop) => shop.lines)
}
