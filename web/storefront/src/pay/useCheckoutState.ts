/** A checkout while it is paid: followed live, and read now and then while the live connection is lost. */

import { follow, getCheckout, type PaidCheckout, problemOf, type Problem } from '@jishi/client'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onUnmounted, ref, type Ref, watch } from 'vue'
import { isWaiting, outcomeOf } from './outcome'

const POLL = 5_000

export function useCheckoutState(checkoutId: Ref<string>, now: Ref<number>) {
  const client = useQueryClient()
  const queryKey = computed(() => ['checkout', checkoutId.value])
  const isLive = ref(false)
  const isOver = (found: PaidCheckout | undefined) => Boolean(found && !isWaiting(outcomeOf(found, now.value)))
  const isOpening = (found: PaidCheckout | undefined) => Boolean(found && outcomeOf(found, now.value) === 'opening')
  const read = useQuery({
    queryKey,
    queryFn: async () => (await getCheckout({ path: { checkout_id: checkoutId.value } })).data,
    retry: (count, failure) => count < 2 && problemOf(failure).status >= 500,
    // while the code is made it is asked for as well: whoever wants to pay does not depend on one message
    refetchInterval: ({ state }) => ((isLive.value && !isOpening(state.data)) || isOver(state.data) ? false : POLL),
  })
  let stop = () => {}
  watch(
    checkoutId,
    (id) => {
      stop()
      stop = follow<PaidCheckout>(`/api/v1/checkouts/${id}/stream`, {
        state: (found) => client.setQueryData(['checkout', id], (known: PaidCheckout | undefined) => ({ ...found, payment: found.payment ?? known?.payment ?? null })),
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
