import { problemOf } from '@jishi/client'
import { expect, test } from 'vitest'
import { failureOf } from './failure'

test('a weak password is refused with its rule', () => {
  expect(failureOf(problemOf({ status: 422, code: 'password_weak', reason: 'length' }))).toBe('password_length')
  expect(failureOf(problemOf({ status: 422, code: 'password_weak', reason: 'new' }))).toBeUndefined()
})

test('a lost connection is a failure with words of its own, what is unknown has those of the API', () => {
  expect(failureOf(problemOf(new TypeError()))).toBe('no_answer')
  expect(failureOf(problemOf({ status: 409, code: 'capability_switched_off' }))).toBeUndefined()
})
