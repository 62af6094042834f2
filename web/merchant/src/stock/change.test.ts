import { expect, test } from 'vitest'
import { changeFor } from './change'

const LEVEL = { on_hand: 10, reserved: 3 }

test('goods are added, removed, or counted', () => {
  expect(changeFor('add', 4, LEVEL)).toBe(4)
  expect(changeFor('remove', 4, LEVEL)).toBe(-4)
  expect(changeFor('count', 12, LEVEL)).toBe(2)
  expect(changeFor('count', 3, LEVEL)).toBe(-7)
})

test('what is reserved stays', () => {
  expect(changeFor('remove', 8, LEVEL)).toBeUndefined()
  expect(changeFor('count', 2, LEVEL)).toBeUndefined()
})

test('nothing, parts of a piece and less than nothing are no change', () => {
  expect(changeFor('count', 10, LEVEL)).toBeUndefined()
  expect(changeFor('add', 1.5, LEVEL)).toBeUndefined()
  expect(changeFor('add', -1, LEVEL)).toBeUndefined()
})
