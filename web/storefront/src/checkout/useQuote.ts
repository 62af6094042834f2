/** The price of a basket for a place with coupons: asked again when it ends, and what has changed is said. */

import { problemOf, type Quote, requestQuote, type RequestQuote } from '@jishi/client'
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { useIntervalFn } from '@vueuse/core'
import { computed, type Ref, ref, watch } from 'vue'
import { useMyCoupons } from '../coupons/useCoupons'
import type { Basket } from './basket'
import { bestCoupons } from './coupons'
import { type Change, changesOf, type Prices, pricesOf } from './changes'

/** Milliseconds before its end at which a price is asked again. */
const EARLY = 10_000

export type Place = Pick<RequestQuote, 'division_code' | 'province'>

/** `known` are the prices with which the shopper comes; later ones are compared with those that this page has shown. */
export function useQuote(basket: Ref<Basket | undefined>, place: Ref<Place | undefined>, wanted: Ref<string[] | null>, known: Ref<Prices>) {
  const now = ref(Date.now())
  const coupons = useMyCoupons()
  /** The coupons that are used: the shopper's choice, else those that save most. */
  const proposed = ref<string[]>([])
  const used = computed(() => wanted.value ?? proposed.value)
  const isReady = computed(() => Boolean(basket.value?.lines.length && place.value))
  const quote = useQuery({
    queryKey: ['quote', basket, place, used],
    enabled: isReady,
    placeholderData: keepPreviousData,
    staleTime: Infinity, // it says itself when it ends
    gcTime: 0,
    refetchOnWindowFocus: false,
    retry: (count, failure) => count < 2 && problemOf(failure).status >= 500,
    queryFn: async () => (await requestQuote({ body: bodyOf(basket.value, place.value, used.value) })).data,
  })
  const found = computed(() => (isReady.value && !quote.isError.value ? quote.data.value : undefined))
  const left = computed(() => (found.value ? Math.max(Date.parse(found.value.expires_at) - now.value, 0) : 0))

  watch([found, coupons.data], ([priced, mine]) => {
    if (priced && mine) proposed.value = bestCoupons(priced.shops, mine, new Date())
  })
  useIntervalFn(() => {
    now.value = Date.now()
    if (found.value && left.value < EARLY && !quote.isFetching.value) void quote.refetch()
  }, 1000)

  const changes = ref<Change[]>([])
  watch(found, (priced, before) => {
    if (!priced || quote.isPlaceholderData.value) return
    if (!before) changes.value = changesOf(known.value, priced)
    else if (sameGoods(priced, before)) changes.value = changesOf(pricesOf(before), priced)
  })
  return { quote, found, left, coupons, used, changes, again: () => quote.refetch() }
}

function bodyOf(basket: Basket | undefined, place: Place | undefined, coupons: readonly string[]): RequestQuote {
  return {
    lines: basket?.lines ?? [],
    cart_version: basket?.cartVersion,
    benefits: coupons.map((coupon_id) => ({ kind: 'coupon', coupon_id })),
    ...place,
  }
}

function sameGoods(one: Quote, other: Quote): boolean {
  const name = (quote: Quote) => quote.shops.flatMap((shop) => shop.lines.map((line) => `${line.sku_id}*${line.quantity}`)).toSorted().join()
  return name(one) === name(other)
}
