/** What the states of a refund mean for its shop. */

import type { Refund } from '@jishi/client'

export type RefundState = Refund['state']

export const REFUND_SHAPES: Record<RefundState, 'ok' | 'wait' | 'need' | 'undo' | 'end'> = {
  requested: 'need',
  running: 'wait',
  refunded: 'ok',
  refused: 'end',
  failed: 'undo',
}

/** The views of the list, by what the address says, with the states that they list; none means all. */
export const REFUND_VIEWS: Record<string, RefundState[]> = {
  requested: ['requested'],
  running: ['running', 'failed'],
  refunded: ['refunded'],
  refused: ['refused'],
  all: [],
}
