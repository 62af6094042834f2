import type { OrderDetails, OrderStep } from '@jishi/client'
import { expect, test } from 'vitest'
import { logOf } from './log'

const step = (state: OrderStep['state'], actor: OrderStep['actor'], more: Partial<OrderStep> = {}) =>
  ({ state, actor, reason: null, note: null, at: state, ...more }) as OrderStep
const log = (steps: OrderStep[], payment_method = 'wechat') => logOf({ steps, payment_method } as OrderDetails).map(({ words }) => words)

test('the newest step is first, and each parcel is one', () => {
  const steps = [step('placed', 'shopper'), step('confirmed', 'system'), step('preparing', 'merchant'), step('preparing', 'merchant', { note: 'SF1' }), step('shipped', 'merchant', { note: 'SF2' })]
  expect(log(steps)).toEqual(['order.log.parcel', 'order.log.parcel', 'order.log.preparing', 'order.log.confirmed', 'order.log.placed'])
  expect(logOf({ steps, payment_method: 'wechat' } as OrderDetails).map(({ isMine }) => isMine)).toEqual([false, false, false, false, true])
})

test('cash on delivery is confirmed without a payment', () => {
  expect(log([step('confirmed', 'system')], 'cash_on_delivery')).toEqual(['order.log.confirmed_cash'])
})

test('who cancelled is said once, with what they wrote', () => {
  const steps = [step('cancelling', 'merchant', { reason: 'refused_by_shop', note: 'cracked' }), step('cancelled', 'system', { reason: 'refused_by_shop' })]
  expect(log(steps)).toEqual(['order.log.cancelled', 'order.log.cancelled_by_merchant'])
  expect(logOf({ steps } as OrderDetails)[1]?.said).toBe('cracked')
})

test('an order that was never confirmed says why', () => {
  expect(log([step('cancelled', 'system', { reason: 'payment_expired' })])).toEqual(['orders.why.payment_expired'])
})
