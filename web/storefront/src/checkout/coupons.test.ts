import type { Campaign, Coupon, ShopQuote } from '@jishi/client'
import { expect, test } from 'vitest'
import { bestCoupons, offersFor, worthClaiming } from './coupons'

const NOW = new Date('2026-12-01T12:00:00Z')
const yuan = (amount: number) => ({ amount: amount * 100, currency: 'CNY' })
const coupon = (coupon_id: string, threshold: number, discount: number, more: Partial<Coupon> = {}): Coupon => ({
  coupon_id,
  campaign_id: '',
  state: 'free',
  expires_at: '2026-12-31T00:00:00Z',
  shop_id: 'pots',
  name: { zh: coupon_id, en: coupon_id },
  threshold: yuan(threshold),
  discount: yuan(discount),
  ...more,
})
const shop = (goods: number, shop_id = 'pots') =>
  ({ shop_id, goods: yuan(goods), discount: yuan(0), terms: { discounts: [], shipping: { fee: yuan(8), free_from: yuan(88) } } }) as unknown as ShopQuote

test('the coupon that saves most is proposed, one for each shop', () => {
  const coupons = [coupon('20', 150, 20), coupon('30', 400, 30), coupon('pens', 100, 15, { shop_id: 'pens' })]
  expect(bestCoupons([shop(400), shop(120, 'pens')], coupons, NOW)).toEqual(['30', 'pens'])
  expect(bestCoupons([shop(200)], coupons, NOW)).toEqual(['20'])
})

test('what is below its threshold says how much is missing, and is not proposed', () => {
  expect(offersFor(shop(120), [coupon('20', 150, 20)], NOW)).toMatchObject([{ saves: 0, missing: 3000 }])
  expect(bestCoupons([shop(120)], [coupon('20', 150, 20)], NOW)).toEqual([])
})

test('a discount that costs free shipping saves less', () => {
  expect(offersFor(shop(90), [coupon('5', 50, 5)], NOW)).toMatchObject([{ saves: -300 }])
  expect(bestCoupons([shop(90)], [coupon('5', 50, 5)], NOW)).toEqual([])
  expect(bestCoupons([shop(90)], [coupon('5', 50, 5), coupon('15', 80, 15)], NOW)).toEqual(['15'])
})

test('a discount is at most the price of the goods', () => {
  expect(offersFor(shop(20), [coupon('30', 10, 30)], NOW)).toMatchObject([{ saves: 2000 }])
})

test('coupons that are over, or held by another order, are none', () => {
  const gone = [coupon('over', 1, 9, { expires_at: '2026-12-01T11:59:59Z' }), coupon('held', 1, 9, { state: 'held' })]
  expect(offersFor(shop(100), gone, NOW)).toEqual([])
})

test('of two that save the same, the one that ends first is used', () => {
  const coupons = [coupon('late', 1, 9), coupon('soon', 1, 9, { expires_at: '2026-12-02T00:00:00Z' })]
  expect(bestCoupons([shop(100)], coupons, NOW)).toEqual(['soon'])
})

test('a coupon is worth claiming if it can be used now and saves more than the one that is', () => {
  const campaigns = [coupon('20', 150, 20), coupon('30', 400, 30), coupon('pens', 1, 15, { shop_id: 'pens' })] as unknown as Campaign[]
  const names = (priced: ShopQuote) => worthClaiming(priced, campaigns).map((one) => one.name.en)
  expect(names(shop(200))).toEqual(['20'])
  expect(names(shop(400))).toEqual(['30', '20'])
  expect(names({ ...shop(400), discount: yuan(20) })).toEqual(['30'])
})
