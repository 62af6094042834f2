import { expect, test } from 'vitest'
import { stateOf } from './states'

test('an import that left rows out is told apart from one that did not', () => {
  expect(stateOf('done', 0)).toBe('done')
  expect(stateOf('done', 3)).toBe('partly')
})

test('an import that is not done has not left anything out yet', () => {
  expect(stateOf('running', null)).toBe('running')
  expect(stateOf('failed', undefined)).toBe('failed')
})
