import { expect, test } from 'vitest'
import { awaitingPayment } from './saga.fixture'
import { subjectOf } from './subject'

test('a checkout names its orders, its payment and the amount', () => {
  const state = { description: '26120116996184779962, 26120116996184779963', parts: [{ order_id: 'a' }, { order_id: 'b' }], payment_id: 'p', total: { amount: 100 } }
  expect(subjectOf({ ...awaitingPayment().saga(), state })).toEqual({
    orderNumbers: ['26120116996184779962', '26120116996184779963'], orderIds: ['a', 'b'], paymentId: 'p', amount: { amount: 100 },
  })
})

test('a refund names its order', () => {
  const saga = { ...awaitingPayment().saga(), state: { order_id: 'a', amount: { amount: 5, currency: 'CNY' } } }
  expect(subjectOf(saga)).toEqual({ orderNumbers: [], orderIds: ['a'], paymentId: undefined, amount: { amount: 5, currency: 'CNY' } })
})
