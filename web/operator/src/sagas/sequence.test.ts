import { expect, test } from 'vitest'
import { awaitingPayment, stuckOnTheWayBack } from './saga.fixture'
import { type Row, sequenceOf } from './sequence'
import { lanesOf, messageName, serviceOf } from './topics'

const brief = (rows: Row[]) =>
  rows.map((row) => {
    const sign = row.isBack ? '−' : '+'
    if (row.kind === 'sent') return `${sign} → ${messageName(row.command.topic ?? '')}${row.time > 1 ? ` ${row.time}` : ''}${row.isAnswered ? '' : ' ?'}`
    if (row.kind === 'repeated') return `${sign} → ${row.from}–${row.to} ${messageName(row.topic)} ?`
    if (row.kind === 'received') return `${sign} ← ${messageName(row.topic)}`
    if (row.kind === 'waited') return `${sign} … ${row.step} ${Math.round(row.seconds)}`
    if (row.kind === 'ended') return `${sign} ${row.status}`
    return row.kind === 'moment' ? `${sign} ${row.what} ${row.step}` : `${sign} pending ${row.step}`
  })

test('what was done, sent, answered and awaited, in the order of time', () => {
  expect(brief(sequenceOf(awaitingPayment().saga()))).toEqual([
    '+ start null', '+ ran open', '+ → ReserveStock', '+ ← StockReserved', '+ → OpenPayment', '+ ← PaymentOpened', '+ pending take_payment',
  ])
})

test('the way back is red, and commands without an answer are counted in one row', () => {
  expect(brief(sequenceOf(stuckOnTheWayBack(12).saga()))).toEqual([
    '+ start null', '+ ran open', '+ → ReserveStock', '+ ← StockReserved', '+ → OpenPayment', '+ ← PaymentOpened',
    '+ … take_payment 1800', '− timer_fired take_payment', '− → CancelPayment', '− ← PaymentCancelled',
    '− → ReleaseStock ?', '− → 2–12 ReleaseStock ?', '− … reserve_stock 30', '− timer_fired reserve_stock', '− stuck', '− pending reserve_stock',
  ])
})

test('a command that is answered when it is sent again shows how often it was sent', () => {
  const told = awaitingPayment()
    .then(60, { kind: 'cancel' }, ['undoing', 'open_payment'], 'payments.cancel_payment.v1')
    .then(90, { kind: 'timer_fired', attempt: 4 }, ['undoing', 'open_payment'], 'payments.cancel_payment.v1')
    .then(120, { kind: 'timer_fired', attempt: 5 }, ['undoing', 'open_payment'], 'payments.cancel_payment.v1')
    .answered(121, 'payments.payment_cancelled.v1', ['undoing', 'reserve_stock'], 'catalog.release_stock.v1')
  expect(brief(sequenceOf(told.saga())).slice(7)).toEqual([
    '− cancel take_payment', '− → CancelPayment ?', '− → 2–2 CancelPayment ?', '− → CancelPayment 3', '− ← PaymentCancelled', '− → ReleaseStock ?', '− pending reserve_stock',
  ])
})

test('a reply says how long it took', () => {
  const reply = sequenceOf(awaitingPayment().saga()).find((row) => row.kind === 'received')
  expect(reply).toMatchObject({ service: 'catalog', seconds: 0.07 })
})

test('an ended saga ends', () => {
  const told = awaitingPayment().then(9, { kind: 'received', topic: 'payments.payment_captured.v1' }, ['running', 'confirm']).then(9, { kind: 'ran' }, ['done', null])
  expect(brief(sequenceOf(told.saga())).at(-1)).toBe('+ done')
})

test('the names of messages and the lanes of services', () => {
  expect(messageName('catalog.reserve_stock.v1')).toBe('ReserveStock')
  expect(serviceOf('payments.payment_opened.v1')).toBe('payments')
  expect(lanesOf('orders.checkout', ['payments.a.v1', 'catalog.b.v1', 'orders.c.v1'])).toEqual(['orders', 'catalog', 'payments'])
})
