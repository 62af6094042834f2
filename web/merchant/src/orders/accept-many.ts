/** Accepting several orders, one after the other; those that cannot be accepted are told and stay as they are. */

import { acceptOrder, type Order, problemOf } from '@jishi/client'

export interface Outcome {
  done: number
  /** The number of each order that was not accepted, with why. */
  failed: { number: string; why: string }[]
}

export async function acceptMany(orders: Order[], accept: (orderId: string) => Promise<unknown> = accepted): Promise<Outcome> {
  const outcome: Outcome = { done: 0, failed: [] }
  for (const order of orders) {
    try {
      await accept(order.order_id)
      outcome.done += 1
    } catch (failure) {
      outcome.failed.push({ number: order.number, why: problemOf(failure).detail })
    }
  }
  return outcome
}

function accepted(order_id: string): Promise<unknown> {
  return acceptOrder({ path: { order_id } })
}
