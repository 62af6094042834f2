import { expect, test } from 'vitest'
import { askedBy, viewOf, withWords } from './filters'

const NOW = new Date(2026, 10, 27, 14, 5)
const none = { view: '', q: '', days: '' }

test('without a view the orders to accept are shown, also for an unknown one', () => {
  expect(viewOf(none)).toBe('to_accept')
  expect(viewOf({ ...none, view: 'constructor' })).toBe('to_accept')
  expect(askedBy(none)).toEqual({ state: ['confirmed'] })
})

test('a number is sought among all orders, whatever the view and the days', () => {
  const filters = { view: 'to_ship', q: '261127', days: '7' }
  expect(viewOf(filters)).toBe('all')
  expect(askedBy(filters, NOW)).toEqual({ state: [], number: '261127' })
})

test('days count back from today', () => {
  expect(askedBy({ ...none, days: '1' }, NOW).placed_from).toBe(new Date(2026, 10, 27).toISOString())
  expect(askedBy({ ...none, days: '7' }, NOW).placed_from).toBe(new Date(2026, 10, 21).toISOString())
  expect(askedBy({ ...none, days: '99' }, NOW).placed_from).toBeUndefined()
})

test('words are found in products, and in the digits of a number', () => {
  const orders = [{ number: '2611274412', lines: [{ title: '马克杯', options: '青灰' }] }, { number: '2611274419', lines: [{ title: 'Bowl', options: '' }] }]
  expect(withWords(orders, 'bowl')).toEqual([orders[1]])
  expect(withWords(orders, '青灰')).toEqual([orders[0]])
  expect(withWords(orders, '4419')).toEqual([orders[1]])
  expect(withWords(orders, '')).toEqual(orders)
})
