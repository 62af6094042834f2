/** What a cart shows: its lines by shop, what is the case with each, and what the chosen ones cost. */

import type { CartLine } from '@jishi/client'

/** Units left from which a line says how few they are. */
const FEW = 5

/** `short`: fewer in stock than wanted; `unknown`: the catalogue does not answer. */
export type LineState = 'fine' | 'few' | 'short' | 'out' | 'gone' | 'unknown'

export interface ShownLine {
  line: CartLine
  state: LineState
  /** Minor units that the SKU costs more than when it was put in; below zero: less. */
  dearer: number
  isRemoved: boolean
}

export interface ShopLines {
  shopId: string
  shop: string
  lines: ShownLine[]
}

export function stateOf({ sku, quantity }: CartLine): LineState {
  if (!sku) return 'unknown'
  if (!sku.on_shelf) return 'gone'
  if (sku.available <= 0) return 'out'
  if (sku.available < quantity) return 'short'
  return sku.available <= FEW ? 'few' : 'fine'
}

/** Whether the line can be ordered as it is. */
export function isOrderable(line: CartLine): boolean {
  return ['fine', 'few'].includes(stateOf(line))
}

/** Lines in the order of `places` (others at the end), by shop; removed ones keep their place. */
export function byShop(
  lines: readonly CartLine[],
  removed: readonly CartLine[],
  places: readonly string[],
  prices: Readonly<Record<string, number>>,
): ShopLines[] {
  const inCart = new Set(lines.map((line) => line.sku_id))
  const all = [...lines, ...removed.filter((line) => !inCart.has(line.sku_id))]
  const placeOf = (line: CartLine) => (places.includes(line.sku_id) ? places.indexOf(line.sku_id) : places.length)
  const shops = new Map<string, ShopLines>()
  for (const line of all.toSorted((one, other) => placeOf(one) - placeOf(other))) {
    const shopId = line.sku?.shop_id ?? ''
    const shop = shops.get(shopId) ?? { shopId, shop: line.sku?.shop ?? '', lines: [] }
    shops.set(shopId, shop)
    shop.lines.push({ line, state: stateOf(line), dearer: dearer(line, prices), isRemoved: !inCart.has(line.sku_id) })
  }
  return [...shops.values()]
}

function dearer({ sku, sku_id }: CartLine, prices: Readonly<Record<string, number>>): number {
  const before = prices[sku_id]
  return sku && before !== undefined ? sku.price.amount - before : 0
}

/** The lines that are ordered: orderable, and not left out by the shopper. */
export function chosen(lines: readonly CartLine[], leftOut: readonly string[]): CartLine[] {
  return lines.filter((line) => isOrderable(line) && !leftOut.includes(line.sku_id))
}

export function units(lines: readonly CartLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0)
}

/** What the lines cost before discounts and shipping, in minor units. */
export function goodsOf(lines: readonly CartLine[]): number {
  return lines.reduce((sum, { sku, quantity }) => sum + (sku?.price.amount ?? 0) * quantity, 0)
}
