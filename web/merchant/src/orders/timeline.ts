/** The steps of an order as sentences: the name of the word for each. */

import type { OrderDetails } from '@jishi/client'

type Step = OrderDetails['steps'][number]

/** The word for a step, below `orders.step`: some differ by who took it. */
export function wordOf(step: Pick<Step, 'state' | 'actor'>, method: OrderDetails['payment_method']): string {
  if (step.state === 'confirmed') return method === 'cash_on_delivery' ? 'confirmed_cash' : 'confirmed'
  if (step.state === 'delivered') return step.actor === 'shopper' ? 'received' : 'delivered'
  if (step.state === 'cancelling') return `cancelling_${step.actor}`
  return step.state
}
