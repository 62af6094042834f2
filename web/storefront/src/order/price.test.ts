import type { Order, OrderLine } from '@jishi/client'
import { expect, test } from 'vitest'
import { discountsOf } from './price'

const line = (...why: [string, number][]) =>
  ({ why: why.map(([text, amount]) => ({ code: '', text: { zh: text, en: text }, amount: { amount } })) }) as unknown as OrderLine

test('a discount over several lines is one reason with its sum', () => {
  const order = { lines: [line(['原价', 1000], ['满减券', -91]), line(['原价', 10_000], ['满减券', -909])] } as Order
  expect(discountsOf(order, 'zh-CN')).toEqual([{ text: '满减券', amount: -1000 }])
})

test('without a discount there is no reason', () => {
  expect(discountsOf({ lines: [line(['list price', 1000])] } as Order, 'en')).toEqual([])
})
