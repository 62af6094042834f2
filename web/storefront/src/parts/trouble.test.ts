import { expect, test } from 'vitest'
import { troubleOf } from './trouble'

const problem = (status: number) => ({ status, code: '', detail: '' })

test('each way to fail has its own words', () => {
  expect([401, 404, 410, 409, 422, 429, 500, 503].map((status) => troubleOf(problem(status), true))).toEqual([
    'ended', 'missing', 'missing', 'refused', 'refused', 'busy', 'ours', 'ours',
  ])
})

test('without an answer the connection is to blame only where it is known to be gone', () => {
  expect(troubleOf(problem(0), false)).toBe('offline')
  expect(troubleOf(problem(0), true)).toBe('silent')
})
