import { expect, test } from 'vitest'
import { movable } from './shelf'

const ALL = (['on_shelf', 'draft', 'off_shelf', 'suspended'] as const).map((shelf) => ({ shelf }))

test('drafts and withdrawn products can be published', () => {
  expect(movable(ALL, 'publish').map(({ shelf }) => shelf)).toEqual(['draft', 'off_shelf'])
})

test('only what is on sale can be withdrawn', () => {
  expect(movable(ALL, 'withdraw').map(({ shelf }) => shelf)).toEqual(['on_shelf'])
})
