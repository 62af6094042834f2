/** A product as it is edited, and what of it the API is told. */

import type { ChangeProduct, CreateProduct, ShopProduct } from '@jishi/client'
import { countOf, majorOf, minorOf } from './amounts'
import { type Cell, combinations, emptyCell, type Option } from './grid'

const CURRENCY = 'CNY'

export interface DraftPicture {
  src: string
  alt: string
}

export interface Draft {
  title: string
  description: string
  brand: string
  category: string
  tags: string[]
  pictures: DraftPicture[]
  options: Option[]
  cells: Cell[]
}

/** The parts of a draft that are changed, saved and merged as one. */
export const PARTS = ['title', 'description', 'brand', 'category', 'tags', 'pictures', 'skus'] as const
export type Part = (typeof PARTS)[number]

export function emptyDraft(): Draft {
  return { title: '', description: '', brand: '', category: '', tags: [], pictures: [], options: [], cells: [emptyCell([])] }
}

export function draftOf(product: ShopProduct): Draft {
  const sold = product.skus.filter((sku) => !sku.discontinued)
  const options = product.option_names.map((name, id) => ({ id, name, values: [...new Set(sold.map((sku) => sku.option_values[id] ?? ''))] }))
  const cells = combinations(options).map((values): Cell => {
    const sku = sold.find((each) => each.option_values.join('\0') === values.join('\0'))
    if (!sku) return { ...emptyCell(values), isSold: false }
    const { sku_id: id, available, reserved, code, price, image } = sku
    return { values, isSold: true, code, price: majorOf(price.amount), stock: '', image, sku: { id, available, reserved } }
  })
  const { title, description, brand, category, tags, pictures } = product
  return { title, description, brand, category: category ?? '', tags, pictures: pictures.map(({ src, alt }) => ({ src, alt })), options, cells }
}

/** The parts that differ, in the order of the page. */
export function changedParts(base: Draft, draft: Draft): Part[] {
  return PARTS.filter((part) => JSON.stringify(valueOf(base, part)) !== JSON.stringify(valueOf(draft, part)))
}

/** A part as it is compared and saved. */
export function valueOf(draft: Draft, part: Part): unknown {
  if (part === 'skus') return { option_names: draft.options.map(({ name }) => name.trim()), skus: skusOf(draft) }
  const value = draft[part]
  return typeof value === 'string' ? value.trim() : value
}

/** A draft with a part of another one. */
export function withPart(draft: Draft, part: Part, from: Draft): Draft {
  return part === 'skus' ? { ...draft, options: from.options, cells: from.cells } : { ...draft, [part]: from[part] }
}

/** The body of a change: only the changed parts. */
export function changeOf(base: Draft, draft: Draft): ChangeProduct {
  return Object.assign({}, ...changedParts(base, draft).map((part) => (part === 'skus' ? valueOf(draft, part) : { [part]: valueOf(draft, part) })))
}

/** The body of a new product. */
export function creationOf(draft: Draft, shopId: string): CreateProduct {
  const { title, description, brand, category, tags, pictures } = draft
  const { option_names, skus } = valueOf(draft, 'skus') as Pick<CreateProduct, 'option_names' | 'skus'>
  return { shop_id: shopId, title: title.trim(), description, brand: brand.trim(), category: category.trim() || null, tags, pictures, option_names, skus }
}

function skusOf(draft: Draft): CreateProduct['skus'] {
  return draft.cells
    .filter((cell) => cell.isSold)
    .map(({ values, code, price, stock, image, sku }) => ({
      code: code.trim() || null,
      option_values: values,
      price: { amount: minorOf(price) ?? 0, currency: CURRENCY },
      image,
      ...(sku ? {} : { stock: countOf(stock) ?? 0 }),
    }))
}
