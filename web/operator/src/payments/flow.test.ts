import type { PaymentDetails } from '@jishi/client'
import { expect, test } from 'vitest'
import { flowOf } from './flow'

const yuan = (amount: number) => ({ amount, currency: 'CNY' })
const details = (captures: number[], refunds: [number, string, string?][], captured = 0) =>
  ({
    captures: captures.map((amount) => ({ amount: yuan(amount) })),
    refunds: refunds.map(([amount, state, tender = 'provider']) => ({ amount: yuan(amount), state, tender })),
    parts: [{ captured: yuan(captured) }],
  }) as unknown as PaymentDetails

test('a payment that was made twice: one is kept, one is on its way back, a part is back', () => {
  const flow = flowOf(details([23690, 23690], [[23690, 'processing'], [5800, 'succeeded'], [100, 'failed']]))
  expect(flow).toEqual({ received: 47380, parts: [{ name: 'kept', amount: 17890 }, { name: 'returning', amount: 23690 }, { name: 'returned', amount: 5800 }] })
})

test('cash is received at delivery, and a receivable that is written off returns no money', () => {
  expect(flowOf(details([], [[500, 'succeeded', 'receivable']], 2000))).toEqual({ received: 2000, parts: [{ name: 'kept', amount: 2000 }] })
})

test('nothing was paid', () => {
  expect(flowOf(details([], []))).toEqual({ received: 0, parts: [] })
})
