/** Products of a search, a category or a shop, page after page. */

import { listProducts, type ListProductsData } from '@jishi/client'
import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'

export type Sort = NonNullable<NonNullable<ListProductsData['query']>['sort']>
export const SORTS: readonly Sort[] = ['newest', 'price_up', 'price_down']
export const PAGE = 20

export function sortOf(asked: unknown): Sort | undefined {
  return SORTS.find((sort) => sort === asked)
}

export function useGoods(asked: Ref<Omit<NonNullable<ListProductsData['query']>, 'cursor' | 'limit'>>) {
  const goods = useInfiniteQuery({
    queryKey: ['goods', asked],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }) => (await listProducts({ query: { ...asked.value, limit: PAGE, cursor: pageParam } })).data,
    getNextPageParam: (last) => last.next ?? undefined,
  })
  return { goods, items: computed(() => goods.data.value?.pages.flatMap((page) => page.items) ?? []) }
}
