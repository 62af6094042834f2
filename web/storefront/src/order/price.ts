/** How an order's price came about: what lowered the price of its goods, added up over its lines. */

import type { Order } from '@jishi/client'

export interface Reason {
  text: string
  amount: number
}

/** Reasons that lowered the price, by their text; amounts are below zero, in minor units. */
export function discountsOf(order: Pick<Order, 'lines' | 'discount'>, language: string): Reason[] {
  const found = new Map<string, number>()
  for (const { text, amount } of order.lines.flatMap((line) => line.why)) {
    const words = language === 'en' ? text.en : text.zh
    if (amount.amount < 0) found.set(words, (found.get(words) ?? 0) + amount.amount)
  }
  return [...found].map(([text, amount]) => ({ text, amount }))
}
