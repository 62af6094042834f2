/** Rows of the API's lists, page by page. */

import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, type ComputedRef, type Ref } from 'vue'

interface Page<Row> {
  items: Row[]
  next: string | null
}

interface Asked<Row> {
  /** The key of the query, with everything that the rows depend on. */
  key: ComputedRef<unknown[]>
  read: (cursor: string | undefined) => Promise<Page<Row>>
  enabled?: Ref<boolean>
  /** Milliseconds after which the rows are read again while the page is seen. */
  every?: number
}

export function useRows<Row>({ key, read, enabled, every }: Asked<Row>) {
  const found = useInfiniteQuery({
    queryKey: key,
    ...(enabled ? { enabled } : {}),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => read(pageParam),
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: every ?? false,
  })
  return {
    /** Undefined while the first page is read. */
    rows: computed(() => found.data.value?.pages.flatMap((page) => page.items)),
    isFailed: computed(() => found.isError.value && !found.data.value),
    again: () => void found.refetch(),
    hasMore: found.hasNextPage,
    isReadingMore: found.isFetchingNextPage,
    more: () => void found.fetchNextPage(),
  }
}
