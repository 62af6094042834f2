/** What differs between two prices of the same goods, so that it is said before anybody pays it. */

import type { Quote, QuoteLine } from '@jishi/client'

export interface Change {
  title: string
  /** Minor units of one piece. */
  before: number
  now: number
}

export function changesOf(before: Quote, now: Quote): Change[] {
  const old = new Map(linesOf(before).map((line) => [line.sku_id, line.unit_price.amount]))
  return linesOf(now).flatMap(({ sku_id, title, unit_price }) => {
    const was = old.get(sku_id)
    return was === undefined || was === unit_price.amount ? [] : [{ title, before: was, now: unit_price.amount }]
  })
}

export function linesOf(quote: Quote): QuoteLine[] {
  return quote.shops.flatMap((shop) => shop.lines)
}
