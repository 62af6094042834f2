/** What this browser keeps of a cart: the guest's cart, prices at which lines were put in, lines that are left out. */

import { useLocalStorage } from '@vueuse/core'

/** The id of the guest's cart is all that opens it; it is forgotten when the cart is gone. */
export const guestCart = useLocalStorage<string | null>('guest_cart', null)

/** Minor units by SKU, as they were when the shopper put it in. */
export const pricesThen = useLocalStorage<Record<string, number>>('cart_prices', {})

/** SKUs that are in the cart and not ordered this time. */
export const leftOut = useLocalStorage<string[]>('cart_left_out', [])
