/** The sentence below the headline: the latest that is known, or what happens next. */

import type { OrderDetails } from '@jishi/client'

export interface News {
  /** The name of the words. */
  words: string
  at?: string
  text?: string
  reason?: string
}

/** `returned`: how many payments were too late, or too many, and are told of elsewhere. */
export function newsOf(order: OrderDetails, returned = 0): News | undefined {
  if (order.state === 'cancelled' || order.state === 'cancelling') return ofCancellation(order, returned)
  if (order.state === 'shipped' || order.parcels.length) return ofParcels(order) ?? { words: 'order.next.shipped' }
  return order.state === 'placed' ? undefined : { words: `order.next.${order.state}` }
}

function ofParcels(order: OrderDetails): News | undefined {
  if (order.state === 'completed') return undefined
  if (order.state === 'delivered') return { words: 'order.next.delivered' }
  const events = order.parcels.flatMap((parcel) => parcel.trace)
  const last = events.toSorted((one, other) => (one.at < other.at ? 1 : -1))[0]
  return last && { words: 'order.next.seen', at: last.at, text: last.text || last.place }
}

/** Whether the order was paid, or goes to be paid on delivery. */
export const wasConfirmed = (order: OrderDetails) => order.steps.some((step) => step.state === 'confirmed')

function ofCancellation(order: OrderDetails, returned: number): News | undefined {
  const said = order.reason === 'refused_by_shop' || order.reason === 'cancelled_by_operator' ? order.reason_text : undefined
  if (said) return { words: 'order.next.cancelled_said', reason: said }
  if (wasConfirmed(order) && order.payment_method === 'wechat') return { words: 'order.next.cancelled_paid' }
  return returned ? undefined : { words: 'order.next.cancelled_unpaid' }
}
