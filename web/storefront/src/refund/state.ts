/** How far a refund is, in a tone: amber while somebody has to act or the money is on its way. */

import type { Refund } from '@jishi/client'

export const REFUND_TONES: Record<Refund['state'], 'wait' | 'good' | 'red' | 'plain'> = {
  requested: 'wait',
  running: 'wait',
  refunded: 'good',
  refused: 'plain',
  failed: 'red',
}

/** Whether a refund is still open: its shop or its money is waited for. */
export function isOpen(refund: Pick<Refund, 'state'>): boolean {
  return refund.state === 'requested' || refund.state === 'running'
}
