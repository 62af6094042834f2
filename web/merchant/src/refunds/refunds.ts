/** Refunds of the shop, and what the shop answers. */

import { approveRefund, listShopRefunds, type Refund, refuseRefund } from '@jishi/client'
import { useRows } from '@jishi/kit/desk'
import { useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { useShop } from '../shop/shop'
import { REFUND_VIEWS } from './states'

const EVERY = 30_000
const PAGE = 50

/** The refunds of a view, newest first. */
export function useRefunds(view: Ref<string>) {
  const { shopId } = useShop()
  const states = computed(() => REFUND_VIEWS[view.value] ?? [])
  return useRows<Refund>({
    key: computed(() => ['shop', shopId.value, 'refunds', ...states.value]),
    read: async (cursor) => (await listShopRefunds({ query: { shop_id: shopId.value, state: states.value, limit: PAGE, cursor } })).data,
    every: EVERY,
  })
}

/** Answers to a refund; lists, counts and the order are read again. */
export function useAnswers() {
  const queries = useQueryClient()
  async function answered(answer: Promise<unknown>): Promise<void> {
    await answer
    await Promise.all([queries.invalidateQueries({ queryKey: ['shop'] }), queries.invalidateQueries({ queryKey: ['order'] })])
  }
  return {
    /** Approve what was seen: if it pays another amount by now, it is refused. */
    approve: (refund: Refund) => answered(approveRefund({ path: { refund_id: refund.refund_id }, body: { amount: refund.amount.amount } })),
    refuse: (refund: Refund) => answered(refuseRefund({ path: { refund_id: refund.refund_id } })),
  }
}
