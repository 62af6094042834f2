/** What is checked out: the chosen lines of the cart, or one SKU that is bought at once. */

import type { BasketLine, Cart, CartLine } from '@jishi/client'
import type { LocationQuery } from 'vue-router'
import { chosen } from '../cart/lines'

export interface Basket {
  lines: BasketLine[]
  /** The version of the cart that the lines were read from; undefined for what is bought at once. */
  cartVersion?: number
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const MOST = 9999

/** The SKU and quantity that an address names (`?sku=…&n=2`). */
export function boughtAtOnce(query: LocationQuery): Basket | undefined {
  const sku = query.sku
  if (typeof sku !== 'string' || !UUID.test(sku)) return undefined
  const quantity = Math.min(Math.max(Math.trunc(Number(query.n)) || 1, 1), MOST)
  return { lines: [{ sku_id: sku, quantity }] }
}

/** The lines of the cart that are ordered this time. */
export function fromCart(cart: Cart, leftOut: readonly string[]): Basket {
  return { lines: chosen(cart.lines, leftOut).map(basketLine), cartVersion: cart.version }
}

/** The same for the same lines, in whatever order and from whatever version of the cart. */
export function nameOf(basket: Basket): string {
  const lines = basket.lines.map((line) => `${line.sku_id}*${line.quantity}`).toSorted()
  return [basket.cartVersion === undefined ? 'once' : 'cart', ...lines].join(' ')
}

/** What an unanswered order is known by: the cart is empty once it is placed, so its lines are no part of that. */
export function kindOf(atOnce: Basket | undefined): string {
  return atOnce ? nameOf(atOnce) : 'cart'
}

function basketLine({ sku_id, quantity }: CartLine): BasketLine {
  return { sku_id, quantity }
}
