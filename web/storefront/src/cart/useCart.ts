/** The visitor's cart, the same in all tabs; changes are shown at once, and taken back when they fail. */

import type { Cart, CartLine } from '@jishi/client'
import { useVisitor } from '@jishi/kit'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { putLine, readCart, removeLine } from './calls'
import { leftOut, pricesThen } from './kept'
import { units } from './lines'

const channel = new BroadcastChannel('jishi-cart')

/** Tells the other tabs that the cart has changed. */
export function tellOthers(): void {
  channel.postMessage(null)
}

interface Change {
  skuId: string
  /** 0 removes the line. */
  quantity: number
  /** The line as it will be, where the cart does not have it yet. */
  sku?: CartLine['sku']
}

export function useCart() {
  const { isSignedIn } = useVisitor()
  const client = useQueryClient()
  const queryKey = computed(() => ['cart', isSignedIn.value ? 'own' : 'guest'])
  const cart = useQuery({ queryKey, queryFn: () => readCart(isSignedIn.value) })
  const change = useMutation({
    mutationKey: ['cart'],
    scope: { id: 'cart' }, // one after the other, in the order of the taps
    mutationFn: ({ skuId, quantity }: Change) =>
      quantity ? putLine(isSignedIn.value, skuId, quantity) : removeLine(isSignedIn.value, skuId),
    onMutate: async (changed) => {
      await client.cancelQueries({ queryKey: ['cart'] })
      client.setQueryData<Cart>(queryKey.value, (known) => known && changedBy(known, changed))
    },
    onSuccess: (now, { skuId, quantity, sku }) => {
      if (!quantity) forget(skuId)
      else if (sku) pricesThen.value = { [skuId]: sku.price.amount, ...pricesThen.value }
      if (client.isMutating({ mutationKey: ['cart'] }) === 1) client.setQueryData(queryKey.value, now)
      tellOthers()
    },
    onError: () => client.invalidateQueries({ queryKey: ['cart'] }),
  })
  const lines = computed(() => cart.data.value?.lines ?? [])
  /** Puts units of a SKU into the cart, in addition to those that are there. */
  const add = (sku: NonNullable<CartLine['sku']>, quantity: number) => {
    const present = quantityOf(lines.value, sku.sku_id)
    if (!present) forget(sku.sku_id) // what is kept of it is of an earlier order
    return change.mutateAsync({ skuId: sku.sku_id, quantity: present + quantity, sku })
  }
  return { cart, lines, count: computed(() => units(lines.value)), change, add }
}

/** Follows the changes of the cart in other tabs; once, by the frame. */
export function useSharedCart(): void {
  const client = useQueryClient()
  channel.addEventListener('message', () => void client.invalidateQueries({ queryKey: ['cart'] }))
}

function changedBy(cart: Cart, { skuId, quantity, sku }: Change): Cart {
  const isThere = cart.lines.some((line) => line.sku_id === skuId)
  const all = isThere || !sku ? cart.lines : [...cart.lines, { sku_id: skuId, quantity, sku }]
  const lines = all.map((line) => (line.sku_id === skuId ? { ...line, quantity } : line))
  return { ...cart, lines: lines.filter((line) => line.quantity > 0) }
}

function quantityOf(lines: readonly CartLine[], skuId: string): number {
  return lines.find((line) => line.sku_id === skuId)?.quantity ?? 0
}

function forget(skuId: string): void {
  const { [skuId]: _, ...prices } = pricesThen.value
  pricesThen.value = prices
  leftOut.value = leftOut.value.filter((each) => each !== skuId)
}
