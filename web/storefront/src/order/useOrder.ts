/** An order that is read once and then followed: every change is shown as it happens. */

import { follow, getOrder, type OrderDetails, problemOf } from '@jishi/client'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref, type Ref, watch } from 'vue'
import { hear } from '../following'
import { isOver } from '../orders/state'

export function useOrder(orderId: Ref<string>) {
  const queries = useQueryClient()
  const queryKey = ['order', orderId]
  const order = useQuery({
    queryKey,
    queryFn: async () => (await getOrder({ path: { order_id: orderId.value } })).data,
    // A carrier's report that a parcel was seen changes no state, and wakes no stream.
    refetchInterval: ({ state }) => (state.data?.parcels.some((parcel) => parcel.state !== 'delivered') ? 60_000 : false),
    retry: (count, failure) => count < 1 && problemOf(failure).status >= 500,
  })
  const isLive = ref(true)
  const told = (now: OrderDetails) => {
    hear(queries, ['order', now.order_id], () => now)
    void queries.invalidateQueries({ queryKey: ['orders'] })
  }
  const followed = computed(() => (order.data.value && !isOver(order.data.value) ? orderId.value : undefined))
  watch(
    followed,
    (id, _before, stop) => {
      isLive.value = true
      if (!id) return
      stop(
        follow<OrderDetails>(`/api/v1/orders/${id}/stream`, {
          state: told,
          isLast: isOver,
          live: (now) => (isLive.value = now),
          refused: () => (isLive.value = false),
        }),
      )
    },
    { immediate: true },
  )
  return { order, isLive }
}
