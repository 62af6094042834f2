/** What the cart's page remembers while it is open: where lines stood, what was removed, what is left out. */

import type { CartLine } from '@jishi/client'
import { computed, ref, shallowRef, watch } from 'vue'
import { leftOut, pricesThen } from './kept'
import { byShop, chosen, goodsOf, isOrderable, units } from './lines'
import { useCart } from './useCart'

export function useCartPage() {
  const { cart, lines, change } = useCart()
  const places = ref<string[]>([])
  const removed = shallowRef<CartLine[]>([])
  const prices = { ...pricesThen.value } // as they were when the page was opened

  watch(
    lines,
    (now) => {
      places.value = [...new Set([...places.value, ...now.map((line) => line.sku_id)])]
      pricesThen.value = { ...Object.fromEntries(now.flatMap(({ sku_id, sku }) => (sku ? [[sku_id, sku.price.amount]] : []))), ...pricesThen.value }
    },
    { immediate: true },
  )

  const shops = computed(() => byShop(lines.value, removed.value, places.value, prices))
  const ordered = computed(() => chosen(lines.value, leftOut.value))
  const isChosen = (line: CartLine) => ordered.value.includes(line)

  function choose(wanted: readonly CartLine[], isWanted: boolean): void {
    const ids = wanted.filter(isOrderable).map((line) => line.sku_id)
    const others = leftOut.value.filter((each) => !ids.includes(each))
    leftOut.value = isWanted ? others : [...others, ...ids]
  }

  function remove(line: CartLine): void {
    removed.value = [...removed.value.filter((each) => each.sku_id !== line.sku_id), line]
    change.mutate({ skuId: line.sku_id, quantity: 0 })
  }

  function restore(line: CartLine): void {
    change.mutate({ skuId: line.sku_id, quantity: line.quantity, sku: line.sku })
  }

  const setQuantity = (line: CartLine, quantity: number) => change.mutate({ skuId: line.sku_id, quantity })
  return {
    cart,
    change,
    lines,
    shops,
    ordered,
    isChosen,
    choose,
    remove,
    restore,
    setQuantity,
    goods: computed(() => goodsOf(ordered.value)),
    pieces: computed(() => units(ordered.value)),
  }
}
