/** Buying an order again: which lines can be put into the cart, how many of them, and which not. */

import type { CartLine, OrderLine, Product } from '@jishi/client'

export interface Again {
  /** Quantities to set in the cart: what is there already, and the order's. */
  put: { sku_id: string; quantity: number }[]
  /** Fewer than ordered are left. */
  fewer: { title: string; quantity: number }[]
  /** Sold out, or not sold any more. */
  gone: string[]
}

/** `products` are those that are still sold; `cart` is what is in the cart already. */
export function planAgain(lines: readonly OrderLine[], products: readonly Product[], cart: readonly CartLine[]): Again {
  const stock = new Map(products.flatMap((product) => product.skus.map((sku) => [sku.sku_id, sku.available])))
  const inCart = new Map(cart.map((line) => [line.sku_id, line.quantity]))
  const plan: Again = { put: [], fewer: [], gone: [] }
  for (const { sku_id, title, quantity } of lines) {
    const before = inCart.get(sku_id) ?? 0
    const added = Math.min(quantity, (stock.get(sku_id) ?? 0) - before)
    if (added <= 0) plan.gone.push(title)
    else {
      plan.put.push({ sku_id, quantity: before + added })
      if (added < quantity) plan.fewer.push({ title, quantity: added })
    }
  }
  return plan
}
