/** What a refund of the chosen units would pay, as the API computes it; asked again whenever the choice changes. */

import { newKey, type OrderDetails, previewRefund, problemOf, requestRefund } from '@jishi/client'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { refDebounced } from '@vueuse/core'
import { computed, type Ref, ref, watch } from 'vue'
import { type Chosen, piecesOf } from './choice'

export function usePreview(orderId: Ref<string>, chosen: Ref<Chosen>) {
  const pieces = computed(() => piecesOf(chosen.value))
  const asked = refDebounced(pieces, 250)
  const preview = useQuery({
    queryKey: ['refund-preview', orderId, asked],
    enabled: computed(() => asked.value.length > 0),
    queryFn: async () => (await previewRefund({ path: { order_id: orderId.value }, body: { lines: asked.value } })).data,
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  })
  /** Whether the amount that is shown is that of the choice that is shown. */
  const isCurrent = computed(() => JSON.stringify(asked.value) === JSON.stringify(pieces.value) && !preview.isFetching.value && preview.isSuccess.value)
  return { preview, isCurrent, isEmpty: computed(() => !pieces.value.length) }
}

/** Requests the refund that is shown, for its amount only; a repeated tap requests it once. */
export function useRequest(order: Ref<OrderDetails | undefined>, chosen: Ref<Chosen>, reason: Ref<string>) {
  const queries = useQueryClient()
  const key = ref(newKey())
  watch([chosen, reason], () => (key.value = newKey()))
  return useMutation({
    mutationFn: async (amount: number) =>
      (
        await requestRefund({
          path: { order_id: order.value?.order_id ?? '' },
          body: { lines: piecesOf(chosen.value), reason_text: reason.value, amount },
          headers: { 'Idempotency-Key': key.value },
        })
      ).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['orders'] }),
    onError: (failure) => {
      if (problemOf(failure).status === 409) key.value = newKey() // it was refused, so the next one is another request
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['order', order.value?.order_id] }),
        queries.invalidateQueries({ queryKey: ['refund-preview'] }),
      ]),
  })
}
