import { expect, test } from 'vitest'
import { allOf, isAll, piecesOf, withQuantity } from './choice'

const pot = { line_id: 'pot', refundable_quantity: 2 }
const cup = { line_id: 'cup', refundable_quantity: 1 }

test('a quantity stays between none and what is left', () => {
  expect([3, 1, -1, NaN, 1.7].map((quantity) => withQuantity({}, pot, quantity).pot)).toEqual([2, 1, 0, 0, 1])
})

test('only lines with units are requested', () => {
  expect(piecesOf({ pot: 2, cup: 0 })).toEqual([{ line_id: 'pot', quantity: 2 }])
})

test('all is every unit that is left', () => {
  expect(allOf([pot, cup])).toEqual({ pot: 2, cup: 1 })
  expect(isAll({ pot: 2, cup: 1 }, [pot, cup])).toBe(true)
  expect(isAll({ pot: 2 }, [pot, cup])).toBe(false)
})
