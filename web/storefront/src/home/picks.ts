/** What the front page shows of the newest products: one of each kind, a picture for each category, each shop's latest. */

import type { ProductCard } from '@jishi/client'

/** The category at the top of a product's path. */
export function topOf(product: Pick<ProductCard, 'category'>): string | undefined {
  return product.category?.split(' > ')[0]
}

/** Products one after the other, of as many kinds as there are: the first of each, then the second, as far as `most`. */
export function oneOfEach(products: readonly ProductCard[], most: number): ProductCard[] {
  const kinds = new Map<string, ProductCard[]>()
  for (const product of products) {
    const kind = topOf(product) ?? ''
    kinds.set(kind, [...(kinds.get(kind) ?? []), product])
  }
  const found: ProductCard[] = []
  for (let round = 0; found.length < most; round++) {
    const next = [...kinds.values()].flatMap((each) => each[round] ?? [])
    if (!next.length) break
    found.push(...next)
  }
  return found.slice(0, most)
}

/** A picture for each of the top categories. */
export function picturesOf(products: readonly ProductCard[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const product of products.toReversed()) {
    const kind = topOf(product)
    if (kind && product.image) found.set(kind, product.image)
  }
  return found
}

/** Shops with the pictures of their latest products; those with enough for a display. */
export function shopsOf(products: readonly ProductCard[], pictures: number): { shopId: string; pictures: string[] }[] {
  const found = new Map<string, string[]>()
  for (const { shop_id, image } of products) if (image) found.set(shop_id, [...(found.get(shop_id) ?? []), image])
  return [...found].filter(([, each]) => each.length >= pictures).map(([shopId, each]) => ({ shopId, pictures: each.slice(0, pictures) }))
}
