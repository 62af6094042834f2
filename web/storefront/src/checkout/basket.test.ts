import type { CartLine } from '@jishi/client'
import { expect, test } from 'vitest'
import { boughtAtOnce, fromCart, kindOf, nameOf } from './basket'

const POT = '01a22fdc-392e-7570-8a0c-773efaba4b41'
const CUP = '01a22fdc-392e-7570-8a0c-773efaba4b42'
const line = (sku_id: string, quantity: number, available = 9): CartLine => ({
  sku_id,
  quantity,
  sku: { sku_id, product_id: '', shop_id: 's', shop: 's', title: '', options: '', image: null, price: { amount: 1 }, available, on_shelf: true },
})

test('an address names what is bought at once', () => {
  expect(boughtAtOnce({ sku: POT, n: '2' })).toEqual({ lines: [{ sku_id: POT, quantity: 2 }] })
  expect(boughtAtOnce({ sku: POT, n: '-3' })?.lines[0]?.quantity).toBe(1)
  expect(boughtAtOnce({ sku: POT, n: 'x' })?.lines[0]?.quantity).toBe(1)
  expect(boughtAtOnce({ sku: 'pot' })).toBeUndefined()
  expect(boughtAtOnce({})).toBeUndefined()
})

test('of the cart, what can be ordered and is not left out', () => {
  const cart = { cart_id: null, version: 7, lines: [line(POT, 2), line(CUP, 1, 0)] }
  expect(fromCart(cart, [])).toEqual({ lines: [{ sku_id: POT, quantity: 2 }], cartVersion: 7 })
  expect(fromCart(cart, [POT]).lines).toEqual([])
})

test('a basket has the same name in another version of the cart, another one with other lines', () => {
  const two = (cartVersion: number) => ({ lines: [{ sku_id: POT, quantity: 1 }, { sku_id: CUP, quantity: 1 }], cartVersion })
  expect(nameOf(two(1))).toBe(nameOf({ ...two(2), lines: two(2).lines.toReversed() }))
  expect(nameOf(two(1))).not.toBe(nameOf({ lines: two(1).lines }))
  expect(nameOf({ lines: [{ sku_id: POT, quantity: 1 }] })).not.toBe(nameOf({ lines: [{ sku_id: POT, quantity: 2 }] }))
})

test('an order of the cart is known as such, also when the cart is empty after it', () => {
  expect(kindOf(undefined)).toBe('cart')
  expect(kindOf(boughtAtOnce({ sku: POT }))).toBe(`once ${POT}*1`)
})
