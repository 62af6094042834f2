/** The account that works at a desk. */

import { getMe, type Me } from '@jishi/client'
import { focusManager, type QueryClient, useQuery } from '@tanstack/vue-query'
import { computed, ref, watch } from 'vue'
import { useVisitor } from '../session'

export type Account = Me

const OWN = { queryKey: ['me'], queryFn: async () => (await getMe()).data, staleTime: 60_000 }

/** Reads who is signed in, before the desk is drawn. */
export const beginAccount = (queries: QueryClient) => queries.prefetchQuery(OWN)

/** Who is signed in; nothing while that is not known. It stays known when the session ends, since what is typed stays too. */
export function useAccount() {
  const { session, isSignedIn } = useVisitor()
  const found = useQuery({ ...OWN, enabled: isSignedIn })
  /** Leaving forgets everything that was read: the page is loaded anew. */
  async function leave(): Promise<void> {
    await session.signOut()
    location.reload()
  }
  return { isSignedIn, account: computed(() => found.data.value), isFailed: found.isError, again: found.refetch, leave }
}

/**
 * Whether the page of the account may be seen: not after its session has ended, and again once the same account has signed in. For another
 * account the page is loaded anew. A page that is not seen reads nothing.
 */
export function useHeldPage({ isSignedIn, account, again }: ReturnType<typeof useAccount>) {
  const isShown = ref(isSignedIn.value)
  watch(isSignedIn, async (now) => {
    focusManager.setFocused(now ? undefined : false)
    const before = account.value?.user_id
    if (now && before && (await again()).data?.user_id !== before) return location.reload()
    isShown.value = now
  })
  return isShown
}
