import { expect, test } from 'vitest'
import { maskedName, maskedPhone } from './masks'

test('a name keeps its first letter, whatever its script', () => {
  expect(maskedName('周静')).toBe('周**')
  expect(maskedName('𠮷野')).toBe('𠮷**')
})

test('a phone number keeps three and four digits, a short one none', () => {
  expect(maskedPhone('13800138000')).toBe('138****8000')
  expect(maskedPhone('12345')).toBe('****')
})
