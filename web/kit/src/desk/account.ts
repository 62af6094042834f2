/** The account that works at a desk. */

import { getMe, type Me } from '@jishi/client'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { useVisitor } from '../session'

export type Account = Me

/** Who is signed in; nothing while that is not known. Everything that was read for an account is forgotten with it. */
export function useAccount() {
  const { session, isSignedIn } = useVisitor()
  const queries = useQueryClient()
  const found = useQuery({ queryKey: ['me'], enabled: isSignedIn, queryFn: async () => (await getMe()).data, staleTime: 60_000 })
  watch(isSignedIn, (now) => now || queries.clear())
  return {
    isSignedIn,
    account: computed(() => (isSignedIn.value ? found.data.value : undefined)),
    isFailed: found.isError,
    again: found.refetch,
    leave: () => session.signOut(),
  }
}
