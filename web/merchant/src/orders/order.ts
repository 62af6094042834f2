/** An order of the shop, and what the shop does with it. */

import { acceptOrder, getShopOrder, problemOf, type OrderDetails, refuseOrder, shipOrder } from '@jishi/client'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

const EVERY = 20_000

export function useOrder(orderId: Ref<string>) {
  const queries = useQueryClient()
  const key = computed(() => ['order', orderId.value])
  const found = useQuery({
    queryKey: key,
    enabled: computed(() => orderId.value !== ''),
    queryFn: async () => (await getShopOrder({ path: { order_id: orderId.value } })).data,
    refetchInterval: EVERY,
  })
  /** The answer of an action is the order's new state; lists and counts are read again. */
  function take(order: OrderDetails): void {
    queries.setQueryData(['order', order.order_id], order)
    void queries.invalidateQueries({ queryKey: ['shop'] })
  }
  const path = () => ({ order_id: orderId.value })
  return {
    order: found.data,
    isFailed: computed(() => found.isError.value && !found.data.value),
    isMissing: computed(() => found.isError.value && problemOf(found.error.value).status === 404),
    again: () => void found.refetch(),
    accept: async () => take((await acceptOrder({ path: path() })).data),
    refuse: async (reason_text: string) => take((await refuseOrder({ path: path(), body: { reason_text } })).data),
    ship: async (parcel: Parameters<typeof shipOrder>[0]['body']) => take((await shipOrder({ path: path(), body: parcel })).data),
  }
}
