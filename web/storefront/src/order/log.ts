/** The history of an order in words: who did what. */

import type { OrderDetails, OrderStep } from '@jishi/client'

export interface LogLine {
  /** The name of the words (`order.log.…`), or of the reason of a cancellation (`orders.why.…`). */
  words: string
  at: string
  /** A tracking number that the words show. */
  number?: string
  /** What somebody typed. */
  said?: string
  isMine: boolean
}

/** The newest first. */
export function logOf(order: OrderDetails): LogLine[] {
  return order.steps.map((step) => lineOf(step, order)).toReversed()
}

function lineOf(step: OrderStep, order: OrderDetails): LogLine {
  const line = { at: step.at, isMine: step.actor === 'shopper' }
  if (step.state === 'cancelled' && step.reason && !order.steps.some(({ state }) => state === 'cancelling'))
    return { ...line, words: `orders.why.${step.reason}` }
  if (step.state === 'cancelling') return { ...line, words: cancelledBy(step), said: step.note || undefined }
  if (isParcel(step)) return { ...line, words: 'order.log.parcel', number: step.note ?? '' }
  if (step.state === 'shipped') return { ...line, words: 'order.log.rest_refunded' }
  const isCash = step.state === 'confirmed' && order.payment_method === 'cash_on_delivery'
  return { ...line, words: `order.log.${step.state}${isCash ? '_cash' : ''}` }
}

/** A shop ships a parcel: a step with its number, also while the rest is still being prepared. */
function isParcel({ state, actor, note }: OrderStep): boolean {
  return actor !== 'system' && (state === 'shipped' || state === 'preparing') && Boolean(note)
}

function cancelledBy({ actor, reason }: OrderStep): string {
  if (reason === 'refund_granted') return 'order.log.all_refunded'
  return `order.log.cancelled_by_${actor}`
}
