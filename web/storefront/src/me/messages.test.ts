import type { Message } from '@jishi/client'
import { expect, test } from 'vitest'
import { placeOf, textOf } from './messages'

test('a message about an order leads to it, one about a refund to its refunds', () => {
  expect(placeOf({ template: 'order_shipped', parameters: { order_id: '7' } })).toBe('/orders/7')
  expect(placeOf({ template: 'refund_arrived', parameters: { order_id: '7' } })).toBe('/orders/7#refunds')
  expect(placeOf({ template: 'welcome', parameters: {} } as Pick<Message, 'template' | 'parameters'>)).toBeUndefined()
})

test('the salutation is left out, and nothing else', () => {
  expect(textOf({ text: '程晓，您好！\n\n您的订单已发货。\n运单号：1\n' })).toBe('您的订单已发货。\n运单号：1')
  expect(textOf({ text: 'Hello Xiao,\n\nIt is on its way.\n\nRegards' })).toBe('It is on its way.\n\nRegards')
  expect(textOf({ text: '一段话。' })).toBe('一段话。')
})
