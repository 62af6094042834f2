/** The calls of a cart: of the one who is signed in, or of a guest, whose cart's id is kept in this browser. */

import {
  type Cart,
  createGuestCart,
  getCart,
  getGuestCart,
  mergeCart,
  problemOf,
  putCartLine,
  putGuestCartLine,
  removeCartLine,
  removeGuestCartLine,
  type UnmergedLine,
} from '@jishi/client'
import { ref } from 'vue'
import { guestCart } from './kept'

const EMPTY: Cart = { cart_id: null, version: 0, lines: [] }

/** Lines of the guest's cart that did not fit into the own one; they wait in the guest's cart. */
export const unmerged = ref<UnmergedLine[]>([])

export async function readCart(isOwn: boolean): Promise<Cart> {
  if (isOwn) return guestCart.value && !unmerged.value.length ? mergeGuestCart() : (await getCart()).data
  const cart_id = guestCart.value
  return cart_id ? orGone(async () => (await getGuestCart({ path: { cart_id } })).data, () => EMPTY) : EMPTY
}

export async function putLine(isOwn: boolean, sku_id: string, quantity: number): Promise<Cart> {
  if (isOwn) return (await putCartLine({ path: { sku_id }, body: { quantity } })).data
  const put = async (cart_id: string) => (await putGuestCartLine({ path: { cart_id, sku_id }, body: { quantity } })).data
  return guestCart.value ? orGone(() => put(guestCart.value ?? ''), async () => put(await newGuestCart())) : put(await newGuestCart())
}

export async function removeLine(isOwn: boolean, sku_id: string): Promise<Cart> {
  if (isOwn) return (await removeCartLine({ path: { sku_id } })).data
  const cart_id = guestCart.value
  return cart_id ? orGone(async () => (await removeGuestCartLine({ path: { cart_id, sku_id } })).data, () => EMPTY) : EMPTY
}

/** Moves the guest's cart into the own one; what does not fit stays there, and can be merged again. */
export async function mergeGuestCart(): Promise<Cart> {
  const { data } = await mergeCart({ body: { guest_cart_id: guestCart.value ?? '' } })
  unmerged.value = data.not_merged
  if (!data.not_merged.length) guestCart.value = null
  return data
}

async function newGuestCart(): Promise<string> {
  guestCart.value = (await createGuestCart()).data.cart_id
  return guestCart.value ?? ''
}

/** A guest's cart ends after a month without use: it is forgotten, and the visitor begins anew. */
async function orGone<T>(call: () => Promise<T>, otherwise: () => T | Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (failure) {
    if (problemOf(failure).code !== 'cart_not_found') throw failure
    guestCart.value = null
    return otherwise()
  }
}
