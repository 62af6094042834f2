/** Working in a table by keyboard: ↑ ↓ Home End move between the rows' links, space selects; enter is the link's own. */

/** The place that a key leads to from a row; undefined for other keys. */
export function rowAfter(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowDown') return Math.min(at + 1, count - 1)
  if (key === 'ArrowUp') return Math.max(at - 1, 0)
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  return undefined
}

/** Handles a key in a table whose rows have a link or button `data-go`; true when it was one of the table's keys. */
export function moveInRows(event: KeyboardEvent, select?: (row: number) => void): boolean {
  const from = event.target as HTMLElement
  if (from.matches('input:not([type="checkbox"]), select, textarea') || event.ctrlKey || event.metaKey || event.altKey) return false
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[data-go]')]
  const at = all.findIndex((each) => each.closest('tr') === from.closest('tr'))
  if (event.key === ' ' && select && at >= 0 && from.matches('[data-go]')) select(at)
  else {
    const next = at < 0 ? undefined : rowAfter(event.key, at, all.length)
    if (next === undefined) return false
    all[next]?.focus()
  }
  event.preventDefault()
  return true
}
