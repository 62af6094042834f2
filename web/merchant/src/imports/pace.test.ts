import { expect, test } from 'vitest'
import { paceOf } from './pace'

const products = { created: 40, changed: 0, unchanged: 0, refused: 0 }

test('the rest takes as long as the products so far, in proportion', () => {
  expect(paceOf({ done: 40, total: 100, seconds: 20, products })).toEqual({ percent: 40, perMinute: 120, restMs: 30_000 })
})

test('a percentage is not rounded up to a hundred', () => {
  expect(paceOf({ done: 999, total: 1000, seconds: 999, products })?.percent).toBe(99)
})

test('nothing is foretold from the first moments', () => {
  expect(paceOf({ done: 5, total: 100, seconds: 1, products })).toBeNull()
  expect(paceOf({ done: 0, total: 100, seconds: 9, products })).toBeNull()
})
