import { expect, test } from 'vitest'
import { valuesIn } from './options'

test('of options with names the values are left', () => {
  expect(valuesIn('Colour: red, Size: L')).toBe('red,L')
  expect(valuesIn('颜色：青绿')).toBe('青绿')
  expect(valuesIn('')).toBe('')
})
