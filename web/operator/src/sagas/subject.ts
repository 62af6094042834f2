/** What a saga is about, read from its state: orders, the payment, the amount. */

import type { Money } from '@jishi/kit'
import type { SagaTimeline } from '@jishi/client'

export interface Subject {
  orderNumbers: string[]
  orderIds: string[]
  paymentId?: string
  amount?: Money
}

export function subjectOf(saga: SagaTimeline): Subject {
  const state = saga.state as Record<string, unknown>
  const parts = Array.isArray(state.parts) ? (state.parts as { order_id?: string }[]) : []
  const orderId = textOf(state.order_id)
  return {
    orderNumbers: textOf(state.description)?.match(/\d{12,}/g) ?? [],
    orderIds: orderId ? [orderId] : parts.flatMap((part) => textOf(part.order_id) ?? []),
    paymentId: textOf(state.payment_id),
    amount: moneyOf(state.total) ?? moneyOf(state.amount),
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function moneyOf(value: unknown): Money | undefined {
  const money = value as Money | null | undefined
  return typeof money?.amount === 'number' ? money : undefined
}
