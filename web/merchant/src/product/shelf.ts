/** Whether a product is shown and sold: how it looks, and moving several at once. */

import { publishProduct, problemOf, type ShopProductCard, withdrawProduct } from '@jishi/client'

export type Shelf = ShopProductCard['shelf']

export const SHELF_SHAPES: Record<Shelf, 'ok' | 'none' | 'end' | 'undo'> = { on_shelf: 'ok', draft: 'none', off_shelf: 'end', suspended: 'undo' }
export const SHELVES: Shelf[] = ['on_shelf', 'draft', 'off_shelf', 'suspended']

/** The products that a shop can move: those that are not there yet, unless the platform has suspended them. */
export function movable<Product extends Pick<ShopProductCard, 'shelf'>>(products: Product[], to: 'publish' | 'withdraw'): Product[] {
  return products.filter(({ shelf }) => (to === 'publish' ? shelf === 'draft' || shelf === 'off_shelf' : shelf === 'on_shelf'))
}

export interface Moved {
  done: number
  failed: { title: string; why: string }[]
}

/** Publishes or withdraws one after the other; one that has changed since it was listed is told, and stays. */
export async function moveAll(products: ShopProductCard[], to: 'publish' | 'withdraw'): Promise<Moved> {
  const call = to === 'publish' ? publishProduct : withdrawProduct
  const moved: Moved = { done: 0, failed: [] }
  for (const { product_id, version, title } of movable(products, to)) {
    try {
      await call({ path: { product_id }, headers: { 'If-Match': `"${version}"` } })
      moved.done += 1
    } catch (failure) {
      moved.failed.push({ title, why: problemOf(failure).detail })
    }
  }
  return moved
}
