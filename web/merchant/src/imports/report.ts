/** The report of an import: its rows by what is wrong, and as a file to correct by. */

import type { ImportReport } from '@jishi/client'

export type RowProblem = ImportReport['errors'][number]

/** How many rows have each problem, the most frequent first. */
export function byCode(errors: RowProblem[]): [RowProblem['code'], number][] {
  const counts = new Map<RowProblem['code'], number>()
  for (const { code } of errors) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])
}

/** Rows with this problem, or all, with the words in their handle, text or line. */
export function matching(errors: RowProblem[], code: string, words: string): RowProblem[] {
  const sought = words.trim().toLowerCase()
  return errors.filter(
    (row) => (!code || row.code === code) && `${row.line} ${row.handle} ${row.text.zh} ${row.text.en}`.toLowerCase().includes(sought),
  )
}

/** As CSV with a header; spreadsheets must not take a cell for a formula. */
export function csvOf(errors: RowProblem[], header: [string, string, string, string], language: string): string {
  const rows = errors.map((row) => [String(row.line), row.handle, row.code, language === 'en' ? row.text.en : row.text.zh])
  return [header, ...rows].map((cells) => cells.map(quoted).join(',')).join('\r\n') + '\r\n'
}

function quoted(cell: string): string {
  const plain = /^[=+\-@\t]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
