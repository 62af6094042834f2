import type { Order, OrderDetails, OrderLine, Parcel, Refund } from '@jishi/client'
import { expect, test } from 'vitest'
import { isRefundable, sayingOf, standingOf, unsentOf, wayOf } from './state'

const line = (line_id: string, quantity = 1, refundable_quantity = quantity) => ({ line_id, quantity, refundable_quantity }) as OrderLine
const order = (state: Order['state'], more: Partial<OrderDetails> = {}) =>
  ({ state, lines: [line('pot', 2), line('cup')], parcels: [], refunds: [], steps: [], payment_method: 'wechat', ...more }) as unknown as OrderDetails
const parcel = (...lines: [string, number][]) => ({ lines: lines.map(([line_id, quantity]) => ({ line_id, quantity })) }) as Parcel
const refund = (state: Refund['state'], line_id: string, quantity: number) => ({ state, lines: [{ line_id, quantity }] }) as Refund

test('each state has one button', () => {
  const acts = (['placed', 'confirmed', 'preparing', 'shipped', 'delivered', 'completed', 'cancelling', 'cancelled'] as const).map(
    (state) => standingOf(order(state)).act,
  )
  expect(acts).toEqual(['pay', 'look', 'look', 'follow', 'receive', 'again', 'look', 'again'])
})

test('only an order that no shop has accepted can be cancelled', () => {
  expect(standingOf(order('confirmed')).more).toContain('cancel')
  expect(standingOf(order('preparing')).more).not.toContain('cancel')
})

test('a refund is offered while something is left to refund', () => {
  expect(isRefundable(order('delivered'))).toBe(true)
  expect(isRefundable(order('completed'))).toBe(false)
  const nothingLeft = order('shipped', { lines: [line('pot', 2, 0)] })
  expect(isRefundable(nothingLeft)).toBe(false)
  expect(standingOf(nothingLeft).more).toEqual(['again'])
})

test('cash is paid at the door, and a part may be on its way before the rest', () => {
  expect(sayingOf(order('confirmed'))).toBe('confirmed')
  expect(sayingOf(order('confirmed', { payment_method: 'cash_on_delivery' }))).toBe('confirmed_cash')
  expect(sayingOf(order('preparing', { parcels: [parcel(['pot', 1])] }))).toBe('partly_shipped')
})

test('what is still at the shop is what no parcel has and no granted refund took', () => {
  const unsent = (more: Partial<OrderDetails>) => unsentOf(order('preparing', more)).map(({ line: { line_id }, quantity }) => [line_id, quantity])
  expect(unsent({ parcels: [parcel(['pot', 1])] })).toEqual([['pot', 1], ['cup', 1]])
  expect(unsent({ parcels: [parcel(['pot', 1])], refunds: [refund('refunded', 'cup', 1), refund('requested', 'pot', 1)] })).toEqual([['pot', 1]])
})

test('the way shows what was done and when', () => {
  const steps = [
    { state: 'confirmed', at: '1' },
    { state: 'preparing', at: '2' },
    { state: 'shipped', at: '3' },
  ] as OrderDetails['steps']
  expect(wayOf(order('shipped', { steps })).map(({ is, at }) => [is, at])).toEqual([['did', '1'], ['did', '2'], ['now', '3'], ['next', undefined]])
  expect(wayOf(order('completed', { steps })).map(({ is }) => is)).toEqual(['did', 'did', 'did', 'did'])
  expect(wayOf(order('cancelled'))).toEqual([])
})
