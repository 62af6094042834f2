/** Where the money of a payment is: kept for the shops, on its way back, or back. */

import type { PaymentDetails } from '@jishi/client'

export interface FlowPart {
  name: 'kept' | 'returning' | 'returned'
  amount: number
}

const BACK = new Set(['succeeded', 'settled_by_hand'])

/** What came in, and what became of it; parts of zero are left out. */
export function flowOf({ captures, refunds, parts }: PaymentDetails): { received: number; parts: FlowPart[] } {
  const atDelivery = captures.length === 0 ? sum(parts.map((part) => part.captured.amount)) : 0
  const received = sum(captures.map((capture) => capture.amount.amount)) + atDelivery
  const live = refunds.filter((refund) => refund.state !== 'failed' && refund.tender !== 'receivable')
  const returned = sum(live.filter((refund) => BACK.has(refund.state)).map((refund) => refund.amount.amount))
  const returning = sum(live.filter((refund) => !BACK.has(refund.state)).map((refund) => refund.amount.amount))
  const all: FlowPart[] = [
    { name: 'kept', amount: received - returned - returning },
    { name: 'returning', amount: returning },
    { name: 'returned', amount: returned },
  ]
  return { received, parts: all.filter((part) => part.amount > 0) }
}

function sum(amounts: number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}
