import { expect, test } from 'vitest'
import { tasksOf } from './agenda'

const counts = (accept: string | null, ship: string | null, refunds: string | null) => ({
  shop_id: '1',
  to_accept: { count: accept ? 2 : 0, since: accept },
  to_ship: { count: ship ? 3 : 0, since: ship },
  refunds_to_answer: { count: refunds ? 1 : 0, since: refunds },
})

test('what waits longest comes first, and low stock last', () => {
  const tasks = tasksOf(counts('2026-11-27T09:00:00Z', '2026-11-25T09:00:00Z', '2026-11-26T09:00:00Z'), 4)
  expect(tasks.map(({ name, count }) => [name, count])).toEqual([['ship', 3], ['refunds', 1], ['accept', 2], ['low_stock', 4]])
})

test('what does not wait is not listed', () => {
  expect(tasksOf(counts(null, null, null), 0)).toEqual([])
  expect(tasksOf(undefined, 3)).toEqual([])
})
