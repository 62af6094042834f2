/** The SKUs of the shop with their stock: those of its products page by page, or those that run low. */

import { getShopProduct, listLowStock, listShopProducts, type ShopProduct } from '@jishi/client'
import { useRows } from '@jishi/kit/desk'
import { computed, type Ref } from 'vue'
import { useShop } from '../shop/shop'

export interface StockedSku {
  sku_id: string
  product_id: string
  title: string
  options: string
  code: string
  image: string | null
  on_hand: number
  reserved: number
  available: number
}

const PRODUCTS = 20

/** The SKUs of the products with these words in their titles; only those with few units left if `isLow`. */
export function useSkus(words: Ref<string>, isLow: Ref<boolean>) {
  const { shopId } = useShop()
  return useRows<StockedSku>({
    key: computed(() => ['shop', shopId.value, 'stock', isLow.value, isLow.value ? '' : words.value]),
    read: async (cursor) => {
      if (isLow.value) return (await listLowStock({ path: { shop_id: shopId.value }, query: { limit: 100, cursor } })).data
      const { items, next } = (await listShopProducts({ query: { shop_id: shopId.value, q: words.value || undefined, limit: PRODUCTS, cursor } })).data
      const products = await Promise.all(items.map(async ({ product_id }) => (await getShopProduct({ path: { product_id } })).data))
      return { items: products.flatMap((product) => skusOf(product)), next }
    },
  })
}

function skusOf({ product_id, title, pictures, skus }: ShopProduct): StockedSku[] {
  return skus
    .filter((sku) => !sku.discontinued)
    .map(({ sku_id, code, options, image, on_hand, reserved, available }) => ({
      sku_id, product_id, title, options, code, image: image ?? pictures[0]?.src ?? null, on_hand, reserved, available,
    }))
}
