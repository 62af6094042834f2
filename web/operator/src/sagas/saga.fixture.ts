/** Sagas for tests: a checkout that is told step by step. */

import type { SagaTimeline } from '@jishi/client'

type Transition = SagaTimeline['transitions'][number]
type Status = SagaTimeline['status']

const STEPS = [
  ['open', 'local'],
  ['reserve_stock', 'call'],
  ['hold_benefits', 'call'],
  ['open_payment', 'call'],
  ['take_payment', 'await'],
  ['confirm', 'local'],
  ['commit_stock', 'call'],
] as const

/** A checkout's saga; each call of `then` adds a transition so many seconds after the start. */
export class Told {
  private readonly transitions: Transition[] = []
  private readonly sent: SagaTimeline['sent'] = []
  private now: Transition['after'] = { status: 'waiting', step: null }
  private undo: string[] = []
  private readonly start = Date.UTC(2026, 10, 27, 14)

  then(seconds: number, input: Partial<Transition['input']> & { kind: Transition['input']['kind'] }, to: [Status, string | null], topic?: string): this {
    const at = new Date(this.start + seconds * 1000).toISOString()
    const sent = topic ? `message-${this.sent.length + 1}` : null
    if (sent) this.sent.push({ message_id: sent, topic: topic ?? null, body: { a: 1 }, created_at: at, sent_at: at, failed_at: null, error: null })
    const after = { status: to[0], step: to[1] }
    const full = { topic: null, in_reply_to: null, attempt: null, reason: null, data: null, ...input }
    this.transitions.push({ at, input: full, before: this.transitions.length ? this.now : null, after, sent, cause: null, actor: 'saga', note: null })
    this.now = after
    return this
  }

  answered(seconds: number, topic: string, to: [Status, string | null], next?: string): this {
    return this.then(seconds, { kind: 'received', topic, in_reply_to: `message-${this.sent.length}` }, to, next)
  }

  remaining(...steps: string[]): this {
    this.undo = steps
    return this
  }

  saga(): SagaTimeline {
    const updated_at = this.transitions.at(-1)?.at ?? ''
    return {
      saga_id: 's', name: 'orders.checkout', key: 'k', version: 1, ...this.now, attempt: 1, tries: 1, reason: null, started_at: updated_at, updated_at,
      state: {}, cancel_requested: null, undo: this.undo, met: [], steps: STEPS.map(([name, kind]) => ({ name, kind, pivot: name === 'confirm', sends: [], undo_sends: [], awaits: [], within: null, has_undo: false })),
      transitions: this.transitions, sent: this.sent, received: [], timer: null, operator_actions: [], refused_actions: [], waits_for: [], correlation_id: null, trace_id: null,
    }
  }
}

/** Up to the payment that is awaited; there is no coupon, so no benefits are held. */
export function awaitingPayment(): Told {
  return new Told()
    .then(0, { kind: 'start' }, ['waiting', null])
    .then(0, { kind: 'timer_fired', attempt: 0 }, ['running', 'open'])
    .then(0, { kind: 'ran' }, ['running', 'reserve_stock'], 'catalog.reserve_stock.v1')
    .answered(0.07, 'catalog.stock_reserved.v1', ['running', 'open_payment'], 'payments.open_payment.v1')
    .answered(0.5, 'payments.payment_opened.v1', ['running', 'take_payment'])
}

/** The payment did not come, and catalog does not answer the release. */
export function stuckOnTheWayBack(times = 3): Told {
  const told = awaitingPayment()
    .then(1800.5, { kind: 'timer_fired', attempt: 3 }, ['undoing', 'open_payment'], 'payments.cancel_payment.v1')
    .answered(1801, 'payments.payment_cancelled.v1', ['undoing', 'reserve_stock'], 'catalog.release_stock.v1')
  for (let time = 1; time < times; time += 1) told.then(1801 + time * 30, { kind: 'timer_fired', attempt: 5 + time }, ['undoing', 'reserve_stock'], 'catalog.release_stock.v1')
  return told.then(1801 + times * 30, { kind: 'timer_fired', attempt: 9 }, ['stuck', 'reserve_stock']).remaining('open', 'reserve_stock')
}
