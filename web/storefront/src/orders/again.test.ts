import type { CartLine, OrderLine, Product } from '@jishi/client'
import { expect, test } from 'vitest'
import { planAgain } from './again'

const line = (sku_id: string, quantity = 1) => ({ sku_id, title: sku_id, quantity }) as OrderLine
const product = (stock: Record<string, number>) =>
  ({ skus: Object.entries(stock).map(([sku_id, available]) => ({ sku_id, available })) }) as unknown as Product
const inCart = (sku_id: string, quantity: number) => ({ sku_id, quantity }) as CartLine

test('what is sold is put into the cart, in addition to what is there', () => {
  expect(planAgain([line('pot', 2), line('cup')], [product({ pot: 9 }), product({ cup: 9 })], [inCart('pot', 1)])).toEqual({
    put: [{ sku_id: 'pot', quantity: 3 }, { sku_id: 'cup', quantity: 1 }],
    fewer: [],
    gone: [],
  })
})

test('of what is scarce as many as are left', () => {
  expect(planAgain([line('pot', 5)], [product({ pot: 4 })], [inCart('pot', 1)])).toEqual({
    put: [{ sku_id: 'pot', quantity: 4 }],
    fewer: [{ title: 'pot', quantity: 3 }],
    gone: [],
  })
})

test('what is sold out or withdrawn is named', () => {
  expect(planAgain([line('pot'), line('cup')], [product({ pot: 0 })], [])).toEqual({ put: [], fewer: [], gone: ['pot', 'cup'] })
})
