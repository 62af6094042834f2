/** A shop by its id; the same shop is read once for all who show it. */

import { getShop } from '@jishi/client'
import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { useI18n } from 'vue-i18n'
import { nameOf } from './name'

export function useShop(shopId: MaybeRefOrGetter<string>) {
  const { locale } = useI18n()
  const shop = useQuery({
    queryKey: ['shop', computed(() => toValue(shopId))],
    enabled: computed(() => Boolean(toValue(shopId))),
    queryFn: async () => (await getShop({ path: { shop_id: toValue(shopId) } })).data,
    staleTime: 300_000,
  })  /** In the language of the page; nothing before it is known. */
  const name = computed(() => shop.data.value && nameOf(shop.data.value, locale.value))
  return { ...shop, name }
}
