/** What a shop says of itself, in the language of the page as far as it is there. */

import type { Shop } from '@jishi/client'

export function nameOf(shop: Pick<Shop, 'name' | 'name_en'>, language: string): string {
  return (language === 'en' && shop.name_en) || shop.name
}

/** Its description in the page's language, else in the other one. */
export function descriptionOf({ description }: Pick<Shop, 'description'>, language: string): string {
  return language === 'en' ? description.en || description.zh : description.zh || description.en
}
