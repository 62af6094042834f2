/** The goods of a checkout before there is a price for a place: what the cart, or the page they come from, says. */

import type { Cart, Product } from '@jishi/client'
import { computed, type Ref } from 'vue'
import { useRoute } from 'vue-router'
import { valuesIn } from '../parts/options'
import { useProduct } from '../product/useProduct'
import type { Basket } from './basket'

export interface UnpricedLine {
  skuId: string
  title: string
  options: string
  image: string | null
  /** Minor units of one piece. */
  price: number
  quantity: number
}

export function useUnpriced(basket: Ref<Basket | undefined>, cart: Ref<Cart | undefined>) {
  const { query } = useRoute()
  const productId = typeof query.of === 'string' ? query.of : ''
  const product = useProduct(() => productId)
  return computed(() => (basket.value?.lines ?? []).flatMap(({ sku_id, quantity }) => inCart(cart.value, sku_id, quantity) ?? inProduct(product.data.value, sku_id, quantity) ?? []))
}

function inCart(cart: Cart | undefined, skuId: string, quantity: number): UnpricedLine | undefined {
  const sku = cart?.lines.find((line) => line.sku_id === skuId)?.sku
  return sku ? { skuId, quantity, title: sku.title, options: valuesIn(sku.options), image: sku.image, price: sku.price.amount } : undefined
}

function inProduct(product: Product | undefined, skuId: string, quantity: number): UnpricedLine | undefined {
  const sku = product?.skus.find((each) => each.sku_id === skuId)
  if (!product || !sku) return undefined
  const image = sku.image ?? product.pictures[0]?.src ?? null
  return { skuId, quantity, title: product.title, options: sku.option_values.join(' '), image, price: sku.price.amount }
}
