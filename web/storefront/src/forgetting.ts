/** What was read for a person is forgotten when the person leaves. */

import { useVisitor } from '@jishi/kit'
import { useQueryClient } from '@tanstack/vue-query'
import { watch } from 'vue'
import { leftOut, pricesThen } from './cart/kept'
import { forgetKept } from './kept'

/** Queries whose answers are the same for everybody, by the first part of their keys. */
const PUBLIC = new Set(['goods', 'product', 'related', 'categories', 'shop', 'shop-names', 'carriers', 'divisions', 'payment-methods'])

/** Forgets what was read for a person when the person leaves: the next one at this screen sees nothing of it. */
export function useForgetting(): void {
  const { isSignedIn } = useVisitor()
  const queries = useQueryClient()
  watch(isSignedIn, (now) => {
    if (now) return
    forgetKept(sessionStorage)
    leftOut.value = []
    pricesThen.value = {}
    void queries.resetQueries({ predicate: ({ queryKey }) => !PUBLIC.has(String(queryKey[0])) })
  })
}
