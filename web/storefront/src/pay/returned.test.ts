import { expect, test } from 'vitest'
import { looksAgain, sayingOf } from './returned'

test('money is on its way back until it has arrived or was returned by hand', () => {
  expect((['requested', 'processing', 'succeeded', 'settled_by_hand'] as const).map((state) => sayingOf({ state }))).toEqual([
    'on_its_way', 'on_its_way', 'arrived', 'by_hand',
  ])
})

test('a page looks again while money is on its way, and where some may still come', () => {
  expect(looksAgain([{ state: 'succeeded' }, { state: 'processing' }], false)).toBe(true)
  expect(looksAgain([{ state: 'succeeded' }], true)).toBe(false)
  expect(looksAgain([], true)).toBe(true)
  expect(looksAgain([], false)).toBe(false)
  expect(looksAgain(undefined, false)).toBe(false)
})
