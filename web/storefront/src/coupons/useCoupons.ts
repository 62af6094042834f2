/** Coupons that can be claimed, and the shopper's own. */

import { claimCoupon, type Coupon, type CouponPage, listCampaigns, listMyCoupons, newKey } from '@jishi/client'
import { useVisitor } from '@jishi/kit'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { offersOf } from './state'

/** How many campaigns a strip of coupons looks at. */
export const IN_STRIP = 20

/** All of the shopper's coupons; there are never more than a few pages of them. */
export function useMyCoupons() {
  const { isSignedIn } = useVisitor()
  return useQuery({
    queryKey: ['coupons', 'mine'],
    enabled: isSignedIn,
    queryFn: async () => {
      const found: Coupon[] = []
      let cursor: string | undefined
      do {
        const page: CouponPage = (await listMyCoupons({ query: { limit: 100, cursor } })).data
        found.push(...page.items)
        cursor = page.next ?? undefined
      } while (cursor && found.length < 500)
      return found
    },
  })
}

/** Campaigns of a shop, or of all, with what the shopper has of them. */
export function useOffers(shopId?: MaybeRefOrGetter<string>, limit = 100) {
  const mine = useMyCoupons()
  const campaigns = useQuery({
    queryKey: ['coupons', 'offers', computed(() => toValue(shopId) || 'all'), limit],
    queryFn: async () => (await listCampaigns({ query: { limit, shop_id: toValue(shopId) || undefined } })).data.items,
  })
  const offers = computed(() => offersOf(campaigns.data.value ?? [], mine.data.value ?? [], Date.now()))
  return { campaigns, mine, offers }
}

/** Claims a coupon; a repeated tap claims the same one. */
export function useClaim() {
  const queries = useQueryClient()
  const keys = new Map<string, string>()
  return useMutation({
    mutationFn: async (campaign_id: string) => {
      const key = keys.get(campaign_id) ?? newKey()
      keys.set(campaign_id, key)
      return (await claimCoupon({ path: { campaign_id }, headers: { 'Idempotency-Key': key } })).data
    },
    onSuccess: (coupon) => {
      keys.delete(coupon.campaign_id)
      queries.setQueryData<Coupon[]>(['coupons', 'mine'], (known) => [coupon, ...(known ?? []).filter((one) => one.coupon_id !== coupon.coupon_id)])
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['coupons'] }),
  })
}
