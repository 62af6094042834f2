import type { CartLine } from '@jishi/client'
import { expect, test } from 'vitest'
import { byShop, chosen, goodsOf, isOrderable, stateOf, units } from './lines'

const line = (sku_id: string, shop: string, { quantity = 1, available = 9, price = 1000, on_shelf = true } = {}): CartLine => ({
  sku_id,
  quantity,
  sku: { sku_id, product_id: '', shop_id: shop, shop, title: sku_id, options: '', image: null, price: { amount: price }, available, on_shelf },
})

test('a line says what is the case with its SKU', () => {
  expect(stateOf(line('pot', 'a'))).toBe('fine')
  expect(stateOf(line('pot', 'a', { available: 5 }))).toBe('few')
  expect(stateOf(line('pot', 'a', { quantity: 3, available: 2 }))).toBe('short')
  expect(stateOf(line('pot', 'a', { available: 0 }))).toBe('out')
  expect(stateOf(line('pot', 'a', { on_shelf: false }))).toBe('gone')
  expect(stateOf({ sku_id: 'pot', quantity: 1, sku: null })).toBe('unknown')
})

test('lines stand by shop, in the order in which they were first seen', () => {
  const shops = byShop([line('pen', 'b'), line('pot', 'a'), line('ink', 'b')], [], ['pot', 'ink', 'pen'], {})
  expect(shops.map((shop) => [shop.shop, ...shop.lines.map((each) => each.line.sku_id)])).toEqual([
    ['a', 'pot'],
    ['b', 'ink', 'pen'],
  ])
})

test('a removed line stays where it was until it is put back', () => {
  const [shop] = byShop([line('ink', 'b')], [line('pen', 'b'), line('ink', 'b')], ['pen', 'ink'], {})
  expect(shop?.lines.map((each) => [each.line.sku_id, each.isRemoved])).toEqual([
    ['pen', true],
    ['ink', false],
  ])
})

test('a price is compared with the one at which the line was put in', () => {
  const found = byShop([line('pen', 'b'), line('ink', 'b'), line('pot', 'b')], [], [], { pen: 1200, ink: 900 })
  expect(found[0]?.lines.map((each) => each.dearer)).toEqual([-200, 100, 0])
})

test('what cannot be ordered, and what the shopper leaves out, is not in the sum', () => {
  const lines = [line('pot', 'a', { quantity: 2 }), line('cup', 'a', { available: 0 }), line('pen', 'b')]
  expect(lines.map(isOrderable)).toEqual([true, false, true])
  const ordered = chosen(lines, ['pen'])
  expect(ordered.map((each) => each.sku_id)).toEqual(['pot'])
  expect([units(ordered), goodsOf(ordered)]).toEqual([2, 2000])
})
