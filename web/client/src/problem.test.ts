import { expect, test } from 'vitest'
import { problemOf } from './problem'

test('a problem document keeps the facts of its case', () => {
  const document = { status: 429, code: 'attempt_limit_reached', detail: 'Wait.', retry_after: 30, most: 5 }
  expect(problemOf(document)).toEqual({ status: 429, code: 'attempt_limit_reached', detail: 'Wait.', retryAfter: 30, facts: document })
})

test('a failure without an answer is no problem document', () => {
  expect(problemOf(new TypeError('Failed to fetch'))).toEqual({ status: 0, code: 'no_answer', detail: '', facts: {} })
  expect(problemOf('')).toMatchObject({ status: 0 })
})
