import { expect, test } from 'vitest'
import { rowAfter } from './row-keys'

test('arrows move by one row and stop at the ends', () => {
  expect(rowAfter('ArrowDown', 0, 3)).toBe(1)
  expect(rowAfter('ArrowDown', 2, 3)).toBe(2)
  expect(rowAfter('ArrowUp', 0, 3)).toBe(0)
})

test('home and end lead to the first and last row, and other keys nowhere', () => {
  expect(rowAfter('Home', 2, 3)).toBe(0)
  expect(rowAfter('End', 0, 3)).toBe(2)
  expect(rowAfter('Enter', 1, 3)).toBeUndefined()
})
