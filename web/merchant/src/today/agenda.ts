/** What waits for the shop, the most urgent first: what keeps buyers waiting before what may. */

import type { ShopOrderCounts } from '@jishi/client'

export interface Task {
  name: 'refunds' | 'accept' | 'ship' | 'low_stock'
  count: number
  /** Since when the oldest waits. */
  since: string | null
  /** The place where it is done. */
  to: { name: string; query?: Record<string, string> }
}

export function tasksOf(counts: ShopOrderCounts | undefined, lowStock: number): Task[] {
  if (!counts) return []
  const { to_accept, to_ship, refunds_to_answer } = counts
  const all: Task[] = [
    { name: 'refunds', ...refunds_to_answer, to: { name: 'refunds', query: { view: 'requested' } } },
    { name: 'accept', ...to_accept, to: { name: 'orders', query: { view: 'to_accept' } } },
    { name: 'ship', ...to_ship, to: { name: 'orders', query: { view: 'to_ship' } } },
    { name: 'low_stock', count: lowStock, since: null, to: { name: 'stock', query: { low: '1' } } },
  ]
  return all.filter(({ count }) => count > 0).sort((a, b) => rank(a) - rank(b))
}

/** The one that waits longest comes first; what has no time comes last. */
function rank({ since }: Task): number {
  return since ? new Date(since).getTime() : Infinity
}
