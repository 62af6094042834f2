/** The state of the whole system, read again every five seconds while the page can be seen. */

import { getOverview } from '@jishi/client'
import { useVisitor } from '@jishi/kit'
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { verdictOf } from './verdict'

export function useOverview() {
  const { isSignedIn } = useVisitor()
  const found = useQuery({ queryKey: ['overview'], enabled: isSignedIn, queryFn: async () => (await getOverview()).data, refetchInterval: 5_000 })
  return {
    overview: found.data,
    verdict: computed(() => found.data.value && verdictOf(found.data.value)),
    isFailed: computed(() => found.isError.value && !found.data.value),
    /** Whether what is shown is old, because it could not be read again. */
    isLost: found.isError,
    again: () => void found.refetch(),
  }
}
