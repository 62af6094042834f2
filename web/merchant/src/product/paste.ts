/** Cells copied from a spreadsheet: tabs between columns, lines between rows, quotes around cells with either. */

import type { Cell } from './grid'

export const PASTED = ['code', 'price', 'stock'] as const
export type PastedColumn = (typeof PASTED)[number]

/** The text of the clipboard as rows of cells. */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]]
  const parts = /"((?:[^"]|"")*)"(?=\t|\r?\n|$)|([^\t\r\n]*)/y
  let at = 0
  while (at <= text.length) {
    parts.lastIndex = at
    const found = parts.exec(text)
    rows.at(-1)?.push(found?.[1] !== undefined ? found[1].replaceAll('""', '"') : (found?.[2] ?? '').trim())
    at = parts.lastIndex
    const end = /^\r?\n/.exec(text.slice(at))?.[0]
    if (end) rows.push([])
    else if (text[at] !== '\t') break
    at += end?.length ?? 1
  }
  if (rows.length > 1 && rows.at(-1)?.join('') === '') rows.pop()
  return rows
}

/**
 * The cells with a block pasted from a row and column on. Columns to the right and rows below are filled as far as there are any; the first
 * stock of an existing SKU is not. Undefined for a single value, which the field itself takes.
 */
export function pasted(cells: Cell[], row: number, column: PastedColumn, text: string): Cell[] | undefined {
  const block = cellsOf(text)
  if (block.length === 1 && (block[0]?.length ?? 0) < 2) return undefined
  const from = PASTED.indexOf(column)
  return cells.map((cell, at) => {
    const values = block[at - row]
    if (!values) return cell
    const changed = { ...cell }
    PASTED.slice(from).forEach((name, offset) => {
      const value = values[offset]
      if (value !== undefined && !(name === 'stock' && cell.sku)) changed[name] = value
    })
    return changed
  })
}
