/** A shop by its id; the same shop is read once for all who show it. */

import { getShop } from '@jishi/client'
import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'

export function useShop(shopId: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['shop', computed(() => toValue(shopId))],
    enabled: computed(() => Boolean(toValue(shopId))),
    queryFn: async () => (await getShop({ path: { shop_id: toValue(shopId) } })).data,
    staleTime: 300_000,
  })
}
