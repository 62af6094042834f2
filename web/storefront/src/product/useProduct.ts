/** A product, as its page and the checkout of it show it. */

import { getProduct, problemOf } from '@jishi/client'
import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'

/** Nothing is read without an id. */
export function useProduct(productId: MaybeRefOrGetter<string>) {
  const id = computed(() => toValue(productId))
  return useQuery({
    queryKey: ['product', id],
    enabled: () => id.value !== '',
    queryFn: async () => (await getProduct({ path: { product_id: id.value } })).data,
    retry: (count, failure) => count < 1 && problemOf(failure).status >= 500,
  })
}
