/** The account of the one who is signed in. */

import { getErasure, getMe, listMessages, problemOf } from '@jishi/client'
import { useVisitor } from '@jishi/kit'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'

export function useMe() {
  const { isSignedIn } = useVisitor()
  return useQuery({ queryKey: ['me'], enabled: isSignedIn, queryFn: async () => (await getMe()).data, staleTime: 60_000 })
}

/** The inbox, page after page; the first page says how many are unread. */
export function useInbox() {
  return useInfiniteQuery({
    queryKey: ['messages'],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }) => (await listMessages({ query: { limit: 20, cursor: pageParam } })).data,
    getNextPageParam: (last) => last.next ?? undefined,
  })
}

/** The erasure that was requested for the account; null if none was. */
export function useErasure() {
  return useQuery({
    queryKey: ['erasure'],
    queryFn: async () => {
      try {
        return (await getErasure()).data
      } catch (failure) {
        if (problemOf(failure).code === 'erasure_not_found') return null
        throw failure
      }
    },
  })
}
