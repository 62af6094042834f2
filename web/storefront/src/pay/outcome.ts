/** What the pay page shows of a checkout: one of a few cases, each with its own words. */

import type { PaidCheckout } from '@jishi/client'

export type Outcome =
  | 'opening' // placed; stock is being reserved, and the payment opened
  | 'code' // a QR code can be paid
  | 'elsewhere' // another way to pay, which the page cannot show
  | 'checking' // the time is over or the money on its way; the answer comes
  | 'paid'
  | 'on_delivery' // confirmed, and paid in cash when it arrives
  | 'nothing' // confirmed, and nothing was to pay
  | 'stock' // cancelled: something was gone at the last step
  | 'coupon' // cancelled: a coupon could not be held
  | 'expired' // cancelled: not paid in time
  | 'by_shopper'
  | 'refused' // cancelled: the payment could not be opened
  | 'cancelled'

const STOCK = new Set(['out_of_stock', 'off_shelf', 'stock_hold_exceeded', 'stock_unavailable'])
const PAYMENT = new Set(['payment_refused', 'payment_unavailable'])

export function outcomeOf(checkout: PaidCheckout, now: number): Outcome {
  if (checkout.state === 'cancelled') return cancelled(checkout.reason ?? 'cancelled')
  if (checkout.state === 'confirmed') return confirmed(checkout)
  const { payment } = checkout
  if (payment?.state === 'captured') return 'checking'
  if (payment?.state !== 'open') return 'opening'
  if (Date.parse(payment.expires_at) <= now) return 'checking'
  if (payment.pay_action.kind === 'qr_code') return 'code'
  return payment.pay_action.kind === 'none' ? 'opening' : 'elsewhere'
}

function confirmed({ payment_method, payment }: PaidCheckout): Outcome {
  if (payment_method === 'cash_on_delivery') return payment?.state === 'captured' ? 'paid' : 'on_delivery'
  return payment_method === 'nothing' || payment?.method === 'nothing' ? 'nothing' : 'paid'
}

function cancelled(reason: string): Outcome {
  if (STOCK.has(reason)) return 'stock'
  if (reason.startsWith('benefit')) return 'coupon'
  if (reason === 'payment_expired') return 'expired'
  if (reason === 'cancelled_by_buyer') return 'by_shopper'
  return PAYMENT.has(reason) ? 'refused' : 'cancelled'
}

/** Whether the page waits for something that changes by itself. */
export function isWaiting(outcome: Outcome): boolean {
  return ['opening', 'code', 'elsewhere', 'checking'].includes(outcome)
}

/** `14:32`, never more than there is; hours are not needed, a payment waits for minutes. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(Math.floor(milliseconds / 1000), 0)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** The same for programs that read a page aloud or search it (ISO 8601). */
export function duration(milliseconds: number): string {
  const seconds = Math.max(Math.floor(milliseconds / 1000), 0)
  return `PT${Math.floor(seconds / 60)}M${seconds % 60}S`
}
