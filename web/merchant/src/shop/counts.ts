/** How much waits for the shop: orders to accept and to ship, refunds to answer. */

import { getShopOrderCounts } from '@jishi/client'
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useShop } from './shop'

const EVERY = 30_000

export function useCounts() {
  const { shopId } = useShop()
  return useQuery({
    queryKey: computed(() => ['shop', shopId.value, 'counts']),
    enabled: computed(() => shopId.value !== ''),
    queryFn: async () => (await getShopOrderCounts({ path: { shop_id: shopId.value } })).data,
    refetchInterval: EVERY,
    retry: false,
  })
}
