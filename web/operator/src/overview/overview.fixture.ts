/** An overview for tests in which everything is well. */

import type { Overview } from '@jishi/client'

const TIME = '2026-11-27T14:04:36Z'
type Audit = NonNullable<Overview['audit']>
type Invariant = Audit['invariants'][number]
type Service = Overview['services'][number]

export function invariant(name: string, of: Partial<Invariant> = {}): Invariant {
  const times = { since: TIME, checked_at: TIME, full_at: TIME, milliseconds: 5 }
  return { name, means: { zh: '', en: '' }, state: 'holds', checked: 10, incremental: false, findings: 0, waiting: 0, blind: null, full_checked: 100, ...times, ...of }
}

export function audit(of: Partial<Audit> = {}): Audit {
  const quarters: Audit['state'][] = ['unknown', 'clean', 'clean', 'findings']
  const history = ['stock', 'money'].map((area) => ({ area, quarters }))
  const invariants = [invariant('stock.levels'), invariant('stock.claims'), invariant('money.orders')]
  const times = { began_at: TIME, ended_at: TIME, expected_by: TIME, milliseconds: 20, every: 60, quarters_until: TIME }
  return { state: 'clean', checked: 30, findings: 0, invariants, history, ...times, ...of }
}

const process = (name: string, kind: 'service' | 'gateway' | 'auditor') => ({ process: name, kind, state: 'ready' as const, since: TIME, instances: [] })

export function service(of: Partial<Service> = {}): Service {
  const queue = { queue: 'catalog.restock.v1', ready: 3, consumers: 1, unacknowledged: 0, handled_per_minute: 40 }
  const queues = [queue, { ...queue, ready: null, handled_per_minute: 2 }]
  const outbox = { due: 0, due_since: null, failed: 0, sent_last_minute: 5 }
  return { service: 'catalog', answers: true, answered_at: TIME, processes: [process('catalog', 'service')], queues, outbox, dead_letters: [], sagas: [], ...of }
}

export function overview(of: Partial<Overview> = {}): Overview {
  return { at: TIME, broker_answers: true, gateway: process('gateway', 'gateway'), auditor: process('auditor', 'auditor'), audit: audit(), services: [service()], retry_queues: [], ...of }
}
