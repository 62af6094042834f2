/** What the states of an order mean for its shop: how they look, what can be done, which view lists them. */

import type { Order, OrderDetails } from '@jishi/client'

export type OrderState = Order['state']
type Shape = 'ok' | 'wait' | 'need' | 'undo' | 'end' | 'none'

export const SHAPES: Record<OrderState, Shape> = {
  placed: 'none',
  confirmed: 'need',
  preparing: 'wait',
  shipped: 'ok',
  delivered: 'ok',
  completed: 'ok',
  cancelling: 'undo',
  cancelled: 'end',
}

/** The views of the list, by what the address says, with the states that they list; none means all. */
export const VIEWS: Record<string, OrderState[]> = {
  to_accept: ['confirmed'],
  to_ship: ['preparing'],
  shipped: ['shipped'],
  delivered: ['delivered', 'completed'],
  cancelled: ['cancelling', 'cancelled'],
  unpaid: ['placed'],
  all: [],
}

export interface Allowed {
  accept: boolean
  ship: boolean
  /** Only while nothing has been sent. */
  refuse: boolean
  slip: boolean
}

/** What the shop can do with an order now. */
export function allowedFor(order: Pick<OrderDetails, 'state' | 'parcels'>): Allowed {
  const isWorkedOn = order.state === 'confirmed' || order.state === 'preparing'
  return {
    accept: order.state === 'confirmed',
    ship: order.state === 'preparing',
    refuse: isWorkedOn && order.parcels.length === 0,
    slip: isWorkedOn || order.state === 'shipped',
  }
}
