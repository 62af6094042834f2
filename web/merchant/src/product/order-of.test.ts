import { expect, test } from 'vitest'
import { movedTo } from './order-of'

test('a thing is moved before or behind others', () => {
  expect(movedTo(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
  expect(movedTo(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
})

test('it stays within the list', () => {
  expect(movedTo(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
  expect(movedTo(['a', 'b'], 0, 9)).toEqual(['b', 'a'])
  expect(movedTo(['a'], 3, 0)).toEqual(['a'])
})
