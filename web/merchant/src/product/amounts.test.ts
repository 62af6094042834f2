import { expect, test } from 'vitest'
import { countOf, majorOf, minorOf } from './amounts'

test('a price is read with symbols and separators', () => {
  expect(minorOf('¥1,299.00')).toBe(129_900)
  expect(minorOf(' 79 ')).toBe(7900)
  expect(minorOf('0.5')).toBe(50)
})

test('what is no price is not guessed', () => {
  for (const text of ['', '12.505', 'abc', '-3', '1e3', '9999999999999']) expect(minorOf(text)).toBeUndefined()
})

test('a price stands in its field as it is read', () => {
  for (const amount of [0, 5, 50, 7900, 129_901]) expect(minorOf(majorOf(amount))).toBe(amount)
})

test('a count is whole', () => {
  expect(countOf('1,200')).toBe(1200)
  expect(countOf('3.5')).toBeUndefined()
  expect(countOf('')).toBeUndefined()
})
