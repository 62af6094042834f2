import { expect, test } from 'vitest'
import { wordOf } from './timeline'

test('a receipt is told apart by who reported it', () => {
  expect(wordOf({ state: 'delivered', actor: 'shopper' }, 'wechat')).toBe('received')
  expect(wordOf({ state: 'delivered', actor: 'carrier' }, 'wechat')).toBe('delivered')
})

test('an order with cash on delivery is confirmed without money', () => {
  expect(wordOf({ state: 'confirmed', actor: 'system' }, 'cash_on_delivery')).toBe('confirmed_cash')
  expect(wordOf({ state: 'confirmed', actor: 'system' }, 'wechat')).toBe('confirmed')
})

test('a cancellation says who wanted it', () => {
  expect(wordOf({ state: 'cancelling', actor: 'merchant' }, 'wechat')).toBe('cancelling_merchant')
})
