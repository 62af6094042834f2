/** Where the money of a refund goes. */

import type { OrderDetails, Refund } from '@jishi/client'

/** `back`: to the wallet or card that paid; `unpaid`: cash that will not be collected; `cash`: given back by hand. */
export type Goes = 'nothing' | 'back_soon' | 'back' | 'arrived' | 'unpaid' | 'cash'

export function moneyGoesTo(refund: Pick<Refund, 'state'>, order: Pick<OrderDetails, 'payment_method' | 'state'>): Goes {
  if (refund.state === 'refused' || refund.state === 'failed') return 'nothing'
  if (order.payment_method === 'cash_on_delivery') return ['delivered', 'completed'].includes(order.state) ? 'cash' : 'unpaid'
  if (refund.state === 'refunded') return 'arrived'
  return refund.state === 'running' ? 'back' : 'back_soon'
}

/** The name of the words for how far a refund is: cash that was never paid is not given back. */
export function sayingOf(refund: Pick<Refund, 'state'>, order: Pick<OrderDetails, 'payment_method' | 'state'> | undefined): Refund['state'] | 'unpaid' {
  const isGranted = refund.state === 'running' || refund.state === 'refunded'
  return isGranted && order && moneyGoesTo(refund, order) === 'unpaid' ? 'unpaid' : refund.state
}
