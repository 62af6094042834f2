/** The shop that is worked on: one of the account's, the last one chosen in this browser. */

import { useAccount } from '@jishi/kit/desk'
import { useLocalStorage } from '@vueuse/core'
import { computed } from 'vue'

const chosen = useLocalStorage('shop', '')

export function useShop() {
  const { account } = useAccount()
  const shops = computed(() => account.value?.shops ?? [])
  const shop = computed(() => shops.value.find((each) => each.shop_id === chosen.value) ?? shops.value[0])
  return {
    shops,
    shop,
    shopId: computed(() => shop.value?.shop_id ?? ''),
    choose: (shopId: string) => (chosen.value = shopId),
  }
}
