/** An edited message: whether it is a JSON object, and which of its lines differ from the original. */

export interface Line {
  kind: 'same' | 'gone' | 'new'
  text: string
}

/** Why a text cannot be a message: `empty` or `broken`; undefined if it can. */
export function faultOf(text: string): 'empty' | 'broken' | undefined {
  if (!text.trim()) return 'empty'
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'broken'
  } catch {
    return 'broken'
  }
}

/** The lines of both texts in one list: what is gone stands above what is new. */
export function linesOf(before: string, after: string): Line[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const common = longest(a, b)
  const out: Line[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ kind: 'same', text: a[i] ?? '' })
      i += 1
      j += 1
    } else if (i < a.length && (j >= b.length || (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))) {
      out.push({ kind: 'gone', text: a[i] ?? '' })
      i += 1
    } else {
      out.push({ kind: 'new', text: b[j] ?? '' })
      j += 1
    }
  }
  return out
}

/** How many lines the rests of both texts, from each place on, have in common in their order. */
function longest(a: string[], b: string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = table[i] as number[]
      row[j] = a[i] === b[j] ? (table[i + 1]?.[j + 1] ?? 0) + 1 : Math.max(table[i + 1]?.[j] ?? 0, row[j + 1] ?? 0)
    }
  return table
}

/** How many lines were changed. */
export function changedLines(lines: Line[]): number {
  return Math.max(lines.filter((line) => line.kind === 'gone').length, lines.filter((line) => line.kind === 'new').length)
}
