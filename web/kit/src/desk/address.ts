/** What a page shows, in its address: filters, views, the words of a search. A reload and a link show the same. */

import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** A parameter of the address; empty when it is missing. Setting it keeps the others. */
export function useAddress(name: string): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => (typeof route.query[name] === 'string' ? (route.query[name] as string) : ''),
    set: (value) => void router.replace({ query: { ...route.query, [name]: value || undefined } }),
  })
}
