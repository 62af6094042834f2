/** What an order's state means to its shopper: a word, whose turn it is, and the one thing to do next. */

import type { Order, OrderDetails } from '@jishi/client'

export type OrderState = Order['state']
/** What a shopper can do with an order. */
export type Act = 'pay' | 'look' | 'follow' | 'receive' | 'again' | 'refund' | 'cancel'

export interface Standing {
  /** `wait`: somebody has to do something; `good`: goods are on their way or here. */
  tone: 'wait' | 'good' | 'plain'
  /** The one button. */
  act: Act
  /** What else can be done, behind the button. */
  more: Act[]
}

const STANDINGS: Record<OrderState, Standing> = {
  placed: { tone: 'wait', act: 'pay', more: ['look'] },
  confirmed: { tone: 'wait', act: 'look', more: ['cancel', 'refund', 'again'] },
  preparing: { tone: 'wait', act: 'look', more: ['refund', 'again'] },
  shipped: { tone: 'good', act: 'follow', more: ['refund', 'again'] },
  delivered: { tone: 'good', act: 'receive', more: ['look', 'refund', 'again'] },
  completed: { tone: 'plain', act: 'again', more: ['look'] },
  cancelling: { tone: 'wait', act: 'look', more: ['again'] },
  cancelled: { tone: 'plain', act: 'again', more: ['look'] },
}

/** What is the case with an order, and what can be done; a refund only while something is left to refund. */
export function standingOf(order: Pick<Order, 'state' | 'lines'>): Standing {
  const standing = STANDINGS[order.state]
  return leftToRefund(order) ? standing : { ...standing, more: standing.more.filter((act) => act !== 'refund') }
}

/** Whether a refund of some units can be requested. */
export function isRefundable(order: Pick<Order, 'state' | 'lines'>): boolean {
  return ['confirmed', 'preparing', 'shipped', 'delivered'].includes(order.state) && leftToRefund(order)
}

function leftToRefund({ lines }: Pick<Order, 'lines'>): boolean {
  return lines.some((line) => line.refundable_quantity > 0)
}

/** Whether nothing follows on this state, so that a stream of the order has ended. */
export function isOver(order: Pick<Order, 'state'>): boolean {
  return order.state === 'completed' || order.state === 'cancelled'
}

export function unitsOf({ lines }: Pick<Order, 'lines'>): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0)
}

/** The name of the words that say what is the case (`order.say.…`): more than the state where more is known. */
export function sayingOf(order: OrderDetails): string {
  if (order.state === 'confirmed' && order.payment_method === 'cash_on_delivery') return 'confirmed_cash'
  if (order.state === 'preparing' && order.parcels.length) return 'partly_shipped'
  return order.state
}

/** Units of each line that no parcel has yet, and no refund has taken. */
export function unsentOf(order: OrderDetails): { line: OrderDetails['lines'][number]; quantity: number }[] {
  const sent = new Map<string, number>()
  for (const { line_id, quantity } of order.parcels.flatMap((parcel) => parcel.lines))
    sent.set(line_id, (sent.get(line_id) ?? 0) + quantity)
  return order.lines
    .map((line) => ({ line, quantity: line.quantity - (sent.get(line.line_id) ?? 0) - takenBack(order, line.line_id) }))
    .filter(({ quantity }) => quantity > 0)
}

/** Units that granted refunds took before they were sent; after that they are in a parcel. */
function takenBack(order: OrderDetails, lineId: string): number {
  if (!['confirmed', 'preparing'].includes(order.state)) return 0
  const granted = order.refunds.filter((refund) => refund.state === 'running' || refund.state === 'refunded')
  const lines = granted.flatMap((refund) => refund.lines).filter((line) => line.line_id === lineId)
  return lines.reduce((sum, line) => sum + line.quantity, 0)
}

export type Stage = 'placed' | 'accepted' | 'shipped' | 'received'
export interface Step {
  stage: Stage
  is: 'did' | 'now' | 'next'
  at?: string
}

const REACHED: Record<Stage, OrderState[]> = {
  placed: ['confirmed', 'preparing', 'shipped', 'delivered', 'completed'],
  accepted: ['preparing', 'shipped', 'delivered', 'completed'],
  shipped: ['shipped', 'delivered', 'completed'],
  received: ['completed'],
}

/** The way of an order in four stages; none for one that is not paid, or is cancelled. */
export function wayOf(order: OrderDetails): Step[] {
  if (!REACHED.placed.includes(order.state)) return []
  const times = new Map(order.steps.toReversed().map((step) => [step.state, step.at]))
  const stages: Stage[] = ['placed', 'accepted', 'shipped', 'received']
  const last = stages.findLastIndex((stage) => REACHED[stage].includes(order.state))
  return stages.map((stage, at) => ({
    stage,
    is: at < last || order.state === 'completed' ? 'did' : at === last ? 'now' : 'next',
    at: at <= last ? times.get(REACHED[stage][0] as OrderState) : undefined,
  }))
}
