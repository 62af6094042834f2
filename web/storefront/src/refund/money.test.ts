import { expect, test } from 'vitest'
import { moneyGoesTo, sayingOf } from './money'

test('money goes back the way it came, until it has arrived', () => {
  const paid = { payment_method: 'wechat', state: 'shipped' } as const
  expect((['requested', 'running', 'refunded', 'refused', 'failed'] as const).map((state) => moneyGoesTo({ state }, paid))).toEqual([
    'back_soon', 'back', 'arrived', 'nothing', 'nothing',
  ])
})

test('cash that was not collected yet is not collected, after that it is given back', () => {
  expect(moneyGoesTo({ state: 'running' }, { payment_method: 'cash_on_delivery', state: 'shipped' })).toBe('unpaid')
  expect(moneyGoesTo({ state: 'running' }, { payment_method: 'cash_on_delivery', state: 'delivered' })).toBe('cash')
})

test('nobody says that cash came back which was never paid', () => {
  const cash = { payment_method: 'cash_on_delivery', state: 'cancelled' } as const
  expect(sayingOf({ state: 'refunded' }, cash)).toBe('unpaid')
  expect(sayingOf({ state: 'requested' }, cash)).toBe('requested')
  expect(sayingOf({ state: 'refunded' }, { payment_method: 'wechat', state: 'shipped' })).toBe('refunded')
  expect(sayingOf({ state: 'refunded' }, undefined)).toBe('refunded')
})
