import { expect, test } from 'vitest'
import { awaitingPayment, stuckOnTheWayBack } from './saga.fixture'
import { type Stop, trackOf } from './track'

const told = (stops: Stop[]) => stops.map(({ step, mark }) => `${step} ${mark}`)

test('a step that had nothing to do is left out, the present one is marked, the others are to do', () => {
  const track = trackOf(awaitingPayment().saga())
  expect(told(track.forward)).toEqual([
    'open done', 'reserve_stock done', 'hold_benefits skipped', 'open_payment done', 'take_payment now', 'confirm todo', 'commit_stock todo',
  ])
  expect([track.back, track.isPivotPassed, track.pivot]).toEqual([[], false, 5])
})

test('a saga that turned back shows where, what it undid, where it is stuck and what remains', () => {
  const track = trackOf(stuckOnTheWayBack().saga())
  expect(track.forward[4]).toEqual({ step: 'take_payment', mark: 'turned' })
  expect(told(track.back)).toEqual(['open_payment done', 'reserve_stock stuck', 'open todo'])
  expect(track.turnedAt).toBe(4)
})

test('a saga that is done has passed its pivot', () => {
  const told = awaitingPayment()
    .then(9, { kind: 'received', topic: 'payments.payment_captured.v1' }, ['running', 'confirm'])
    .then(9, { kind: 'ran' }, ['running', 'commit_stock'], 'catalog.commit_stock.v1')
    .answered(9.1, 'catalog.stock_committed.v1', ['done', null])
  const track = trackOf(told.saga())
  expect(track.isPivotPassed).toBe(true)
  expect(track.forward.map((stop) => stop.mark)).toEqual(['done', 'done', 'skipped', 'done', 'done', 'done', 'done'])
})

test('a refusal after the pivot sticks on the way forward', () => {
  const told = awaitingPayment()
    .then(9, { kind: 'received', topic: 'payments.payment_captured.v1' }, ['running', 'confirm'])
    .then(9, { kind: 'ran' }, ['running', 'commit_stock'], 'catalog.commit_stock.v1')
    .answered(9.1, 'catalog.commit_refused.v1', ['stuck', 'commit_stock'])
  const track = trackOf(told.saga())
  expect(track.forward[6]).toEqual({ step: 'commit_stock', mark: 'stuck' })
  expect(track.back).toEqual([])
})

test('an undo that is answered by the awaited fact turns forward again', () => {
  const told = awaitingPayment()
    .then(60, { kind: 'cancel', reason: 'cancelled_by_buyer' }, ['undoing', 'open_payment'], 'payments.cancel_payment.v1')
    .answered(61, 'payments.payment_captured.v1', ['running', 'confirm'])
    .then(61, { kind: 'ran' }, ['running', 'commit_stock'], 'catalog.commit_stock.v1')
  const track = trackOf(told.saga())
  expect([track.back, track.turnedAt, track.isPivotPassed]).toEqual([[], undefined, true])
})

test('a saga whose time line is gone is drawn from its status', () => {
  const saga = { ...awaitingPayment().saga(), transitions: [], status: 'done' as const, step: null }
  expect(new Set(trackOf(saga).forward.map((stop) => stop.mark))).toEqual(new Set(['done']))
})
