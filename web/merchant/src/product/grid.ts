/** The SKUs of a product: one for each combination of its options' values. */

export interface Option {
  /** Of this page only: an option stays the same while its name is typed. */
  id: number
  name: string
  values: string[]
}

/** What is entered for a combination. Prices and counts are kept as typed, so that nothing typed is lost. */
export interface Cell {
  values: string[]
  isSold: boolean
  code: string
  price: string
  /** The first stock; existing SKUs are counted on the page of the stock. */
  stock: string
  image: string | null
  /** The SKU that exists already. */
  sku?: { id: string; available: number; reserved: number }
}

export const MOST_SKUS = 250

/** All combinations in the order of the options; one empty one without options. */
export function combinations(options: Option[]): string[][] {
  return options.reduce<string[][]>((all, { values }) => all.flatMap((one) => values.map((value) => [...one, value])), [[]])
}

export function emptyCell(values: string[]): Cell {
  return { values, isSold: true, code: '', price: '', stock: '', image: null }
}

/**
 * The cells after the options were changed. A combination that was there keeps its cell. One that differs only in new or removed options takes
 * over a cell that agrees with it; once, since a code is one SKU's; the others take its price.
 */
export function regrid(cells: Cell[], before: Option[], after: Option[]): Cell[] {
  const taken = new Set<Cell>()
  return combinations(after).map((values) => {
    const found = cells.find((cell) => agree(cell.values, before, values, after) && !taken.has(cell))
    if (found) {
      taken.add(found)
      return { ...found, values }
    }
    const alike = cells.find((cell) => agree(cell.values, before, values, after))
    return { ...emptyCell(values), price: alike?.price ?? '' }
  })
}

/** Whether two combinations have the same value of each option that both have. */
function agree(mine: string[], before: Option[], theirs: string[], after: Option[]): boolean {
  return before.every(({ id }, at) => {
    const there = after.findIndex((option) => option.id === id)
    return there < 0 || mine[at] === theirs[there]
  })
}
