import { expect, test } from 'vitest'
import { idsIn } from './ids'

test('ids are found whatever is between them', () => {
  const [a, b] = ['01a22fe9-b811-73a2-ad58-5879445b2844', '01A22FE9-C83E-7021-A882-4A4F31BF0EEB']
  expect(idsIn(` ${a}、${b};x`)).toEqual([a, b])
  expect(idsIn('none')).toEqual([])
})
