import type { Campaign, Coupon } from '@jishi/client'
import { expect, test } from 'vitest'
import { offersOf, sorted, stateOf } from './state'

const now = Date.parse('2026-12-01T12:00:00Z')
const campaign = (campaign_id: string, more: Partial<Campaign> = {}) =>
  ({ campaign_id, starts_at: '2026-11-01T00:00:00Z', ends_at: '2026-12-31T00:00:00Z', total_limit: 100, claimed: 40, per_person_limit: 1, ...more }) as Campaign
const coupon = (campaign_id: string, more: Partial<Coupon> = {}) =>
  ({ coupon_id: campaign_id, campaign_id, state: 'free', expires_at: '2026-12-31T00:00:00Z', ...more }) as Coupon

test('what can be claimed is first, what one has or missed is last', () => {
  const campaigns = [
    campaign('gone', { claimed: 100 }),
    campaign('had'),
    campaign('soon', { starts_at: '2026-12-02T00:00:00Z' }),
    campaign('late'),
    campaign('early', { ends_at: '2026-12-02T00:00:00Z' }),
  ]
  const offers = offersOf(campaigns, [coupon('had')], now)
  expect(offers.map(({ campaign: { campaign_id }, is }) => [campaign_id, is])).toEqual([
    ['early', 'open'], ['late', 'open'], ['soon', 'soon'], ['had', 'had'], ['gone', 'gone'],
  ])
  expect(offers[0]?.claimed).toBe(40)
})

test('several coupons of one campaign can be claimed up to the limit for a person', () => {
  const [offer] = offersOf([campaign('two', { per_person_limit: 2 })], [coupon('two')], now)
  expect(offer).toMatchObject({ is: 'open', mine: 1 })
})

test('a free coupon after its end is expired, whatever the server said before', () => {
  expect(stateOf(coupon('a', { expires_at: '2026-12-01T11:59:59Z' }), now)).toBe('expired')
  expect((['free', 'held', 'redeemed', 'expired'] as const).map((state) => stateOf(coupon('a', { state }), now))).toEqual(['usable', 'held', 'used', 'expired'])
})

test('usable coupons that end soon are first', () => {
  const coupons = [coupon('late'), coupon('used', { state: 'redeemed' }), coupon('early', { expires_at: '2026-12-02T00:00:00Z' })]
  expect(sorted(coupons, now).usable.map((one) => one.campaign_id)).toEqual(['early', 'late'])
  expect(sorted(coupons, now).past.map((one) => one.campaign_id)).toEqual(['used'])
})
