import { expect, test } from 'vitest'
import { canRetry, groupsOf, lastLines, type Letter } from './groups'

function letter(of: Partial<Letter>): Letter {
  return {
    dead_letter_id: 'a', message_id: 'm', topic: 'catalog.restock.v1', queue: 'q', handler: 'h', exception: 'RestockTooMuch', message: 'sold 2, restock 3',
    attempts: 15, retried: 0, first_failed_at: '2026-11-27T10:31:07Z', last_failed_at: '2026-11-27T10:42:24Z', host: 'x', arrived_at: '2026-11-27T10:42:25Z',
    state: 'open', closed_at: null, closed_by: null, service: 'catalog', ...of,
  }
}

test('letters of the same service, topic and cause are one group, the largest first', () => {
  const groups = groupsOf([
    letter({ dead_letter_id: '1', exception: 'Unreadable', last_failed_at: '2026-11-27T12:00:00Z' }),
    letter({ dead_letter_id: '2', last_failed_at: '2026-11-27T11:19:10Z', message: 'sold 1, restock 2' }),
    letter({ dead_letter_id: '3' }),
  ])
  expect(groups.map((group) => [group.exception, group.letters.length])).toEqual([['RestockTooMuch', 2], ['Unreadable', 1]])
  expect(groups[0]).toMatchObject({ message: 'sold 1, restock 2', firstAt: '2026-11-27T10:42:24Z', lastAt: '2026-11-27T11:19:10Z' })
})

test('a letter that cannot be read waits for another version, one after 21 days can only be archived', () => {
  const now = Date.parse('2026-12-01T00:00:00Z')
  expect(canRetry(letter({}), now)).toBe('yes')
  expect(canRetry(letter({ exception: 'shared.delivery.Unreadable' }), now)).toBe('unreadable')
  expect(canRetry(letter({ first_failed_at: '2026-11-09T00:00:00Z' }), now)).toBe('old')
  expect(canRetry(letter({ first_failed_at: null, arrived_at: '2026-11-09T00:00:00Z' }), now)).toBe('old')
})

test('the end of a stack is shown first', () => {
  expect(lastLines('a\nb\nc\n', 2)).toBe('b\nc')
})
