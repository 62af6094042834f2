import { expect, test } from 'vitest'
import { daysAsked } from './days'

test('both days of the filter are included', () => {
  const { since, until } = daysAsked('2026-11-30', '2026-11-30')
  expect(new Date(until ?? '').getTime() - new Date(since ?? '').getTime()).toBe(24 * 3_600_000)
  expect(new Date(since ?? '').getHours()).toBe(0)
})

test('one day alone leaves the other side open', () => {
  expect(daysAsked('', '2026-11-30')).not.toHaveProperty('since')
  expect(daysAsked('2026-11-30', '')).not.toHaveProperty('until')
})

test('what is not a day asks for nothing', () => {
  expect(daysAsked('yesterday', "2026-11-30'")).toEqual({})
})
