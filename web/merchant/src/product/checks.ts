/** What keeps a draft from being saved. */

import { countOf, minorOf } from './amounts'
import type { Draft } from './draft'
import { type Cell, MOST_SKUS } from './grid'

export type Lack = 'title' | 'option_name' | 'option_values' | 'option_repeated' | 'too_many' | 'none_sold' | 'price' | 'stock' | 'code_repeated'

/** Each lack once, in the order of the page. */
export function lacksOf(draft: Draft): Lack[] {
  const sold = draft.cells.filter((cell) => cell.isSold)
  const names = draft.options.map(({ name }) => name.trim())
  const found: [Lack, boolean][] = [
    ['title', draft.title.trim() === ''],
    ['option_name', names.includes('')],
    ['option_repeated', new Set(names).size < names.length],
    ['option_values', draft.options.some(({ values }) => values.length === 0)],
    ['too_many', sold.length > MOST_SKUS],
    ['none_sold', sold.length === 0],
    ['price', sold.some(lacksPrice)],
    ['stock', sold.some(lacksStock)],
    ['code_repeated', repeatedCodes(sold).size > 0],
  ]
  return found.filter(([, isLacking]) => isLacking).map(([lack]) => lack)
}

export function lacksPrice(cell: Cell): boolean {
  return cell.isSold && minorOf(cell.price) === undefined
}

export function lacksStock(cell: Cell): boolean {
  return cell.isSold && cell.stock.trim() !== '' && countOf(cell.stock) === undefined
}

/** Codes that more than one SKU has. */
export function repeatedCodes(cells: Cell[]): Set<string> {
  const codes = cells.filter((cell) => cell.isSold).map(({ code }) => code.trim()).filter(Boolean)
  return new Set(codes.filter((code, at) => codes.indexOf(code) !== at))
}
