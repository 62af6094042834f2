import type { ProductCard } from '@jishi/client'
import { expect, test } from 'vitest'
import { oneOfEach, picturesOf, shopsOf } from './picks'

const product = (product_id: string, category: string, shop_id = 'a') => ({ product_id, category, shop_id, image: `/${product_id}.svg` }) as ProductCard
const all = [product('pot', 'Tea > Pots'), product('cup', 'Tea > Cups', 'b'), product('pen', 'Writing'), product('ink', 'Writing'), product('hat', 'Baby', 'b')]

test('each kind has its turn before one comes again', () => {
  expect(oneOfEach(all, 4).map((one) => one.product_id)).toEqual(['pot', 'pen', 'hat', 'cup'])
  expect(oneOfEach(all, 9)).toHaveLength(5)
  expect(oneOfEach([], 3)).toEqual([])
})

test('a category has the picture of its newest product', () => {
  expect([...picturesOf(all)].toSorted()).toEqual([['Baby', '/hat.svg'], ['Tea', '/pot.svg'], ['Writing', '/pen.svg']])
})

test('only shops with enough pictures are shown', () => {
  expect(shopsOf(all, 3)).toEqual([{ shopId: 'a', pictures: ['/pot.svg', '/pen.svg', '/ink.svg'] }])
})
