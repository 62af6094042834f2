/** Which coupons save most: per shop one, after what its discount costs in free shipping. */

import type { Campaign, Coupon, ShopQuote } from '@jishi/client'

export interface Offer {
  coupon: Coupon
  /** Minor units that the order costs less with it; 0: it cannot be used. */
  saves: number
  /** Minor units of goods that are missing to its threshold. */
  missing: number
}

/** The shop's coupons that are still to be used, the one that saves most first. */
export function offersFor(shop: ShopQuote, coupons: readonly Coupon[], now: Date): Offer[] {
  const own = coupons.filter((each) => each.shop_id === shop.shop_id && each.state === 'free' && new Date(each.expires_at) > now)
  return own.map((coupon) => offerOf(shop, coupon)).toSorted(better)
}

/** The coupons that a shopper would choose who compares all of them. */
export function bestCoupons(shops: readonly ShopQuote[], coupons: readonly Coupon[], now: Date): string[] {
  return shops.flatMap((shop) => {
    const [first] = offersFor(shop, coupons, now)
    return first && first.saves > 0 ? [first.coupon.coupon_id] : []
  })
}

/** A campaign whose coupon would save more than what is used in the shop now. */
export function worthClaiming(shop: ShopQuote, campaigns: readonly Campaign[]): Campaign[] {
  const saves = (one: Campaign) => savingOf(shop, one)
  return campaigns
    .filter((one) => one.shop_id === shop.shop_id && one.threshold.amount <= shop.goods.amount && saves(one) > shop.discount.amount)
    .toSorted((one, other) => saves(other) - saves(one))
}

function offerOf(shop: ShopQuote, coupon: Coupon): Offer {
  const missing = Math.max(coupon.threshold.amount - shop.goods.amount, 0)
  return { coupon, missing, saves: missing ? 0 : savingOf(shop, coupon) }
}

function savingOf(shop: ShopQuote, { discount }: Pick<Coupon, 'discount'>): number {
  const off = Math.min(discount.amount, shop.goods.amount)
  return off - shippingLost(shop, shop.goods.amount - off)
}

/** The fee that is due when the discounted goods no longer reach the threshold of free shipping. */
function shippingLost({ terms, goods }: ShopQuote, discounted: number): number {
  const free = terms?.shipping.free_from?.amount
  const isLost = free !== undefined && goods.amount >= free && discounted < free
  return isLost ? (terms?.shipping.fee.amount ?? 0) : 0
}

function better(one: Offer, other: Offer): number {
  return other.saves - one.saves || one.missing - other.missing || one.coupon.expires_at.localeCompare(other.coupon.expires_at)
}
