import type { PaidCheckout } from '@jishi/client'
import { expect, test } from 'vitest'
import { clock, duration, isWaiting, outcomeOf } from './outcome'

const NOW = Date.parse('2026-12-01T12:00:00Z')
const checkout = (more: object) => ({ state: 'placed', reason: null, payment_method: 'wechat', payment: null, ...more }) as PaidCheckout
const payment = (state: string, more: object = {}) => ({
  payment: { state, method: 'wechat', expires_at: '2026-12-01T12:15:00Z', pay_action: { kind: 'qr_code', content: 'weixin://' }, ...more },
})
const outcome = (more: object) => outcomeOf(checkout(more), NOW)

test('a placed checkout waits for its payment to open, then shows the code', () => {
  expect(outcome({})).toBe('opening')
  expect(outcome(payment('opening', { pay_action: { kind: 'none' } }))).toBe('opening')
  expect(outcome(payment('open', { pay_action: { kind: 'none' } }))).toBe('opening')
  expect(outcome(payment('open'))).toBe('code')
  expect(outcome(payment('open', { pay_action: { kind: 'redirect', url: '/' } }))).toBe('elsewhere')
})

test('money that came, and time that is over, are waited for until the orders say so', () => {
  expect(outcome(payment('captured'))).toBe('checking')
  expect(outcome(payment('open', { expires_at: '2026-12-01T12:00:00Z' }))).toBe('checking')
})

test('a confirmed checkout is paid, or will be', () => {
  expect(outcome({ state: 'confirmed', ...payment('captured') })).toBe('paid')
  expect(outcome({ state: 'confirmed' })).toBe('paid')
  expect(outcome({ state: 'confirmed', payment_method: 'cash_on_delivery', ...payment('open') })).toBe('on_delivery')
  expect(outcome({ state: 'confirmed', payment_method: 'cash_on_delivery', ...payment('captured') })).toBe('paid')
  expect(outcome({ state: 'confirmed', payment_method: 'nothing' })).toBe('nothing')
  expect(outcome({ state: 'confirmed', ...payment('captured', { method: 'nothing' }) })).toBe('nothing')
})

test('a cancelled checkout says why', () => {
  const reasons = ['out_of_stock', 'off_shelf', 'benefit_taken', 'payment_expired', 'cancelled_by_buyer', 'payment_refused', 'too_late']
  expect(reasons.map((reason) => outcome({ state: 'cancelled', reason }))).toEqual(['stock', 'stock', 'coupon', 'expired', 'by_shopper', 'refused', 'cancelled'])
  expect(outcome({ state: 'cancelled' })).toBe('cancelled')
})

test('only what changes by itself is waited for', () => {
  expect((['opening', 'code', 'checking'] as const).every(isWaiting)).toBe(true)
  expect((['paid', 'expired', 'stock', 'on_delivery'] as const).some(isWaiting)).toBe(false)
})

test('the time left is shown to the second, never below zero', () => {
  expect([872_000, 60_000, 59_001, 500, 0, -5000].map(clock)).toEqual(['14:32', '1:00', '0:59', '0:00', '0:00', '0:00'])
  expect(duration(872_000)).toBe('PT14M32S')
})
