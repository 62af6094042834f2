import type { Quote } from '@jishi/client'
import { expect, test } from 'vitest'
import { changesOf, pricesOf } from './changes'

const quote = (prices: Record<string, number>) =>
  ({ shops: Object.entries(prices).map(([sku_id, amount]) => ({ lines: [{ sku_id, title: sku_id, unit_price: { amount } }] })) }) as unknown as Quote

test('a price that went up or down is named with both amounts', () => {
  expect(changesOf({ pen: 18600, ink: 4000, pot: 100 }, quote({ pen: 19200, ink: 3500, pot: 100 }))).toEqual([
    { title: 'pen', before: 18600, now: 19200 },
    { title: 'ink', before: 4000, now: 3500 },
  ])
})

test('goods that were not priced before have not changed', () => {
  expect(changesOf({ pen: 1 }, quote({ ink: 2 }))).toEqual([])
})

test('a quote is compared with the one before', () => {
  expect(changesOf(pricesOf(quote({ pen: 18600 })), quote({ pen: 18600 }))).toEqual([])
})
