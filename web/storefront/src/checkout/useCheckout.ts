/** Everything that the checkout page knows: what is bought, where to, with which coupons, how it is paid. */

import { type Address, listAddresses, listPaymentMethods } from '@jishi/client'
import { useQuery } from '@tanstack/vue-query'
import { useSessionStorage } from '@vueuse/core'
import { computed, ref } from 'vue'
import { useRoute } from 'vue-router'
import { leftOut, pricesThen } from '../cart/kept'
import { useCart } from '../cart/useCart'
import { boughtAtOnce, fromCart, nameOf } from './basket'
import { useQuote } from './useQuote'

interface Choices {
  /** What the coupons were chosen for. */
  basket: string
  addressId: string
  coupons: string[] | null
  method: string
  note: string
}

export function useCheckout() {
  const route = useRoute()
  const { cart, change } = useCart()
  const atOnce = computed(() => boughtAtOnce(route.query))
  const basket = computed(() => atOnce.value ?? (cart.data.value && fromCart(cart.data.value, leftOut.value)))
  const name = computed(() => (basket.value ? nameOf(basket.value) : ''))

  // A reload loses nothing that was chosen or typed.
  const kept = useSessionStorage<Choices>('checkout', { basket: '', addressId: '', coupons: null, method: '', note: '' })
  const isKept = computed(() => kept.value.basket === name.value)
  const choose = (change: Partial<Choices>) => {
    const coupons = isKept.value ? kept.value.coupons : null
    kept.value = { ...kept.value, coupons, basket: name.value, ...change }
  }
  const placed = () => (kept.value = { ...kept.value, basket: '', coupons: null, note: '' })

  const addresses = useQuery({ queryKey: ['addresses'], queryFn: async () => (await listAddresses()).data.items })
  const address = computed<Address | undefined>(() => {
    const all = addresses.data.value ?? []
    return all.find((each) => each.address_id === kept.value.addressId) ?? all.find((each) => each.is_default) ?? all[0]
  })
  /** Where the first address will be, as soon as its province is chosen: the price does not wait for the street. */
  const typed = ref('')
  const place = computed(() => {
    if (!address.value) return typed.value ? { division_code: typed.value } : undefined
    return address.value.division_code ? { division_code: address.value.division_code } : { province: address.value.province }
  })

  const methods = useQuery({
    queryKey: ['payment-methods'],
    queryFn: async () => (await listPaymentMethods()).data.items,
    staleTime: 60_000,
  })
  const method = computed(() => {
    const offered = methods.data.value ?? []
    return (offered.find((each) => each.method === kept.value.method) ?? offered[0])?.method
  })

  const wanted = computed(() => (isKept.value ? kept.value.coupons : null))
  const quoting = useQuote(basket, place, wanted, computed(() => (atOnce.value ? {} : pricesThen.value)))
  const note = computed({ get: () => kept.value.note, set: (text) => choose({ note: text }) })
  return { atOnce, basket, name, cart, change, addresses, address, typed, methods, method, note, choose, placed, wanted, ...quoting }
}
