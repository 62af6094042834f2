/** The names of the shops of a quote, which knows their ids: from the cart, else from one of their products. */

import { type CartLine, getProduct, type Quote } from '@jishi/client'
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

export function useShopNames(quote: Ref<Quote | undefined>, lines: Ref<readonly CartLine[]>) {
  const known = computed(() => new Map(lines.value.flatMap(({ sku }) => (sku ? [[sku.shop_id, sku.shop]] : []))))
  const unknown = computed(() => (quote.value?.shops ?? []).filter((shop) => !known.value.has(shop.shop_id)).map((shop) => shop.lines[0]?.product_id ?? ''))
  const found = useQuery({
    queryKey: ['shop-names', unknown],
    enabled: computed(() => unknown.value.length > 0),
    staleTime: Infinity,
    queryFn: async () => {
      const products = await Promise.all(unknown.value.map((product_id) => getProduct({ path: { product_id } })))
      return new Map(products.map(({ data }) => [data.shop_id, data.shop.name]))
    },
  })
  return (shopId: string) => known.value.get(shopId) ?? found.data.value?.get(shopId) ?? ''
}
