import { expect, test } from 'vitest'
import { isOpen, sayingOf } from './returned'

test('money is on its way back until it has arrived or was returned by hand', () => {
  expect((['requested', 'processing', 'succeeded', 'settled_by_hand'] as const).map((state) => sayingOf({ state }))).toEqual([
    'on_its_way', 'on_its_way', 'arrived', 'by_hand',
  ])
})

test('a page looks again while money is on its way, and where some may still come', () => {
  expect(isOpen([{ state: 'succeeded' }, { state: 'processing' }], false)).toBe(true)
  expect(isOpen([{ state: 'succeeded' }], true)).toBe(false)
  expect(isOpen([], true)).toBe(true)
  expect(isOpen([], false)).toBe(false)
  expect(isOpen(undefined, false)).toBe(false)
})
