/** Money that did not pay a checkout: it came too late, twice or with a wrong amount, and is returned. */

import { listReturnedMoney, type ReturnedMoney } from '@jishi/client'
import { useQuery } from '@tanstack/vue-query'

const OFTEN = 10_000 // milliseconds

/** `awaited`: also look again and again where there is none yet, since somebody may just have paid. */
export function useReturned(checkoutId: () => string | undefined, { awaited = false } = {}) {
  return useQuery({
    queryKey: ['returned', checkoutId],
    queryFn: async () => (await listReturnedMoney({ path: { checkout_id: checkoutId() ?? '' } })).data.items,
    enabled: () => checkoutId() !== undefined,
    refetchInterval: ({ state }) => (looksAgain(state.data, awaited) ? OFTEN : false),
  })
}

export function looksAgain(found: Pick<ReturnedMoney, 'state'>[] | undefined, awaited: boolean): boolean {
  return found?.length ? found.some((each) => sayingOf(each) === 'on_its_way') : awaited
}

/** The name of the words for how far it is on its way back. */
export function sayingOf({ state }: Pick<ReturnedMoney, 'state'>): 'arrived' | 'by_hand' | 'on_its_way' {
  if (state === 'succeeded') return 'arrived'
  return state === 'settled_by_hand' ? 'by_hand' : 'on_its_way'
}
