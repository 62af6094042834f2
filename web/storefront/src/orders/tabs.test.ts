import { expect, test } from 'vitest'
import { countOf, headlineOf, tabOf } from './tabs'

const counts = { to_pay: 1, to_ship: 2, to_receive: 0, refunds: 3 }

test('an unknown tab shows all', () => {
  expect([tabOf('pay'), tabOf('x'), tabOf(undefined)]).toEqual(['pay', 'all', 'all'])
})

test('tabs count what waits', () => {
  expect([countOf('pay', counts), countOf('ship', counts), countOf('done', counts), countOf('pay', undefined)]).toEqual([1, 2, 0, 0])
})

test('the headline says the two most urgent things, and nothing when nothing waits', () => {
  expect(headlineOf(counts).map(({ tab }) => tab)).toEqual(['pay', 'refunds'])
  expect(headlineOf({ to_pay: 0, to_ship: 0, to_receive: 0, refunds: 0 })).toEqual([])
})
