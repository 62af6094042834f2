/** A checkout while it is paid: followed live, and read now and then while the live connection is lost. */

import { follow, getCheckout, type PaidCheckout, problemOf, type Problem } from '@jishi/client'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onUnmounted, ref, type Ref, watch } from 'vue'
import { hear } from '../following'
import { isWaiting, outcomeOf } from './outcome'

const POLL = 5_000

export function useCheckoutState(checkoutId: Ref<string>, now: Ref<number>) {
  const client = useQueryClient()
  const queryKey = computed(() => ['checkout', checkoutId.value])
  const isLive = ref(false)
  const isOver = (found: PaidCheckout | undefined) => Boolean(found && !isWaiting(outcomeOf(found, now.value)))
  const read = useQuery({
    queryKey,
    queryFn: async () => (await getCheckout({ path: { checkout_id: checkoutId.value } })).data,
    retry: (count, failure) => count < 2 && problemOf(failure).status >= 500,
    refetchInterval: (query) => (isLive.value || isOver(query.state.data) ? false : POLL),
  })
  let stop = () => {}
  watch(
    checkoutId,
    (id) => {
      stop()
      stop = follow<PaidCheckout>(`/api/v1/checkouts/${id}/stream`, {
        state: (found) => hear<PaidCheckout>(client, ['checkout', id], (known) => ({ ...found, payment: found.payment ?? known?.payment ?? null })),
        live: (live) => (isLive.value = live),
        isLast: (found) => !isWaiting(outcomeOf(found, Date.now())),
      })
    },
    { immediate: true },
  )
  onUnmounted(() => stop())
  const failure = computed<Problem | null>(() => (read.isError.value && !read.data.value ? problemOf(read.error.value) : null))
  return { checkout: read.data, failure, again: () => read.refetch() }
}
