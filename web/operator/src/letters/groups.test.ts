import { expect, test } from 'vitest'
import { canRetry, canRetryGroup, groupNamed, keyOf, lastLines } from './groups'

const restock = { service: 'catalog' as const, topic: 'catalog.restock.v1', exception: 'RestockTooMuch' }
const unread = { service: 'catalog' as const, topic: 'catalog.restock.v1', exception: null }

test('letters of the same service, topic and cause are one group', () => {
  expect(keyOf(restock)).not.toBe(keyOf(unread))
})

test('an address names a group as exactly as it does', () => {
  const groups = [unread, restock]
  expect(groupNamed(groups, { service: '', topic: '', exception: '' })).toBe(unread)
  expect(groupNamed(groups, { service: 'catalog', topic: 'catalog.restock.v1', exception: 'RestockTooMuch' })).toBe(restock)
  expect(groupNamed(groups, { service: 'orders', topic: '', exception: '' })).toBeUndefined()
})

test('a letter that cannot be read waits for another version, one after 21 days can only be archived', () => {
  const now = Date.parse('2026-12-01T00:00:00Z')
  const letter = { exception: 'RestockTooMuch', first_failed_at: '2026-11-27T10:31:07Z', arrived_at: '2026-11-27T10:42:25Z' }
  expect(canRetry(letter, now)).toBe('yes')
  expect(canRetry({ ...letter, exception: 'shared.delivery.Unreadable' }, now)).toBe('unreadable')
  expect(canRetry({ ...letter, first_failed_at: '2026-11-09T00:00:00Z' }, now)).toBe('old')
  expect(canRetry({ ...letter, first_failed_at: null, arrived_at: '2026-11-09T00:00:00Z' }, now)).toBe('old')
})

test('a group can be retried while one of its letters can', () => {
  expect(canRetryGroup({ exception: 'X', number: 2, too_old: 1 })).toBe('yes')
  expect(canRetryGroup({ exception: 'X', number: 2, too_old: 2 })).toBe('old')
  expect(canRetryGroup({ exception: 'shared.delivery.Unreadable', number: 2, too_old: 0 })).toBe('unreadable')
})

test('the end of a stack is shown first', () => {
  expect(lastLines('a\nb\nc\n', 2)).toBe('b\nc')
})
