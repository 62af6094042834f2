/** What a shopper can do about a coupon, or about a campaign that gives coupons. */

import type { Campaign, Coupon } from '@jishi/client'

export type CouponState = 'usable' | 'held' | 'used' | 'expired'

const STATES: Record<Coupon['state'], CouponState> = { free: 'usable', held: 'held', redeemed: 'used', expired: 'expired' }

/** `held`: an order that is not paid yet has it. */
export function stateOf(coupon: Pick<Coupon, 'state' | 'expires_at'>, now: number): CouponState {
  const state = STATES[coupon.state]
  return state === 'usable' && Date.parse(coupon.expires_at) <= now ? 'expired' : state
}

export interface Offer {
  campaign: Campaign
  /** `had`: as many as one person may have; `gone`: none are left; `soon`: it has not begun. */
  is: 'open' | 'had' | 'gone' | 'soon'
  /** Percent of the coupons that were claimed. */
  claimed: number
  mine: number
}

/** Campaigns with what is known of the shopper's own coupons of them; those that end soon first, what is over last. */
export function offersOf(campaigns: readonly Campaign[], coupons: readonly Coupon[], now: number): Offer[] {
  return campaigns
    .map((campaign) => offerOf(campaign, coupons.filter((coupon) => coupon.campaign_id === campaign.campaign_id).length, now))
    .toSorted((one, other) => rank(one) - rank(other) || (one.campaign.ends_at < other.campaign.ends_at ? -1 : 1))
}

function offerOf(campaign: Campaign, mine: number, now: number): Offer {
  const claimed = campaign.total_limit ? Math.min(100, Math.floor((campaign.claimed / campaign.total_limit) * 100)) : 0
  return { campaign, mine, claimed, is: stateOfCampaign(campaign, mine, now) }
}

function stateOfCampaign(campaign: Campaign, mine: number, now: number): Offer['is'] {
  if (mine >= campaign.per_person_limit) return 'had'
  if (Date.parse(campaign.starts_at) > now) return 'soon'
  return campaign.claimed >= campaign.total_limit ? 'gone' : 'open'
}

function rank({ is }: Offer): number {
  return ['open', 'soon', 'had', 'gone'].indexOf(is)
}

/** Coupons by what can be done with them; the usable that end soon first, the others as they came. */
export function sorted(coupons: readonly Coupon[], now: number): { usable: Coupon[]; past: Coupon[] } {
  const isUsable = (coupon: Coupon) => ['usable', 'held'].includes(stateOf(coupon, now))
  return {
    usable: coupons.filter(isUsable).toSorted((one, other) => (one.expires_at < other.expires_at ? -1 : 1)),
    past: coupons.filter((coupon) => !isUsable(coupon)),
  }
}
