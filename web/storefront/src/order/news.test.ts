import type { OrderDetails, Parcel } from '@jishi/client'
import { expect, test } from 'vitest'
import { newsOf } from './news'

const order = (more: Partial<OrderDetails>) => ({ parcels: [], steps: [], payment_method: 'wechat', ...more }) as unknown as OrderDetails
const seen = (...events: [string, string][]) => ({ trace: events.map(([at, text]) => ({ at, text, place: '' })) }) as unknown as Parcel

test('on the way it is the latest that a carrier reported, of any parcel', () => {
  const parcels = [seen(['2', 'Shanghai']), seen(['1', 'Nanjing'], ['3', 'Hangzhou'])]
  expect(newsOf(order({ state: 'shipped', parcels }))).toMatchObject({ at: '3', text: 'Hangzhou' })
  expect(newsOf(order({ state: 'shipped', parcels: [seen()] }))?.words).toBe('order.next.shipped')
})

test('before that it is what happens next', () => {
  expect(newsOf(order({ state: 'confirmed' }))?.words).toBe('order.next.confirmed')
  expect(newsOf(order({ state: 'placed' }))).toBeUndefined()
})

test('a cancelled order says why, or what happens to the money', () => {
  const steps = [{ state: 'confirmed' }] as OrderDetails['steps']
  expect(newsOf(order({ state: 'cancelled', reason: 'refused_by_shop', reason_text: 'cracked' }))).toMatchObject({ reason: 'cracked' })
  expect(newsOf(order({ state: 'cancelled', reason: 'cancelled_by_buyer', steps }))?.words).toBe('order.next.cancelled_paid')
  expect(newsOf(order({ state: 'cancelled', reason: 'payment_expired' }))?.words).toBe('order.next.cancelled_unpaid')
  expect(newsOf(order({ state: 'cancelled', reason: 'payment_expired' }), 1)).toBeUndefined()
})
