/** The lists of the page of orders: pages that follow each other while one scrolls. */

import { getOrderCounts, listCheckouts, listOrders, listOwnRefunds } from '@jishi/client'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { STATES, type Tab } from './tabs'

const PAGE = 10

export function useOrderCounts() {
  return useQuery({ queryKey: ['orders', 'counts'], queryFn: async () => (await getOrderCounts()).data })
}

/** Checkouts that wait for their payment; there are never many of them. */
export function useUnpaid(tab: Ref<Tab>) {
  return useQuery({
    queryKey: ['orders', 'unpaid'],
    enabled: computed(() => tab.value === 'all' || tab.value === 'pay'),
    queryFn: async () =>
      (await listCheckouts({ query: { state: ['placed'], limit: 100 } })).data.items.filter(
        (one) => one.payment_method !== 'cash_on_delivery' && one.payment_method !== 'nothing',
      ),
  })
}

export function useOrders(tab: Ref<Tab>) {
  return useInfiniteQuery({
    queryKey: ['orders', 'list', tab],
    enabled: computed(() => STATES[tab.value].length > 0),
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }) => (await listOrders({ query: { state: STATES[tab.value], limit: PAGE, cursor: pageParam } })).data,
    getNextPageParam: (last) => last.next ?? undefined,
  })
}

export function useRefunds(tab: Ref<Tab>) {
  return useInfiniteQuery({
    queryKey: ['orders', 'refunds'],
    enabled: computed(() => tab.value === 'refunds'),
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }) => (await listOwnRefunds({ query: { limit: PAGE, cursor: pageParam } })).data,
    getNextPageParam: (last) => last.next ?? undefined,
  })
}
