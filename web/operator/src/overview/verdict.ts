/** Whether everything is well, by what the overview shows; and what waits for a person, the longest first. */

import type { Overview } from '@jishi/client'
import type { RouteLocationRaw } from 'vue-router'

type Service = Overview['services'][number]
type Process = Overview['gateway']

export interface Matter {
  kind: 'finding' | 'blind' | 'saga' | 'letters' | 'process' | 'service' | 'outbox' | 'broker'
  /** Whether it needs a person now; the others show that something waits. */
  isUrgent: boolean
  /** What it is: an invariant, a saga, a process, a service. */
  name: string
  count: number
  since?: string
  to: RouteLocationRaw
}

export interface Verdict {
  /**
   * `unknown`: the auditor is silent, so nobody knows; `findings`: something does not agree; `incomplete`: a check could
   * not run; `matters`: all that was checked agrees, and something waits for a person; `well`: none of these.
   */
  state: 'unknown' | 'findings' | 'incomplete' | 'matters' | 'well'
  /** The areas of violated invariants: `stock`, `money`. */
  areas: string[]
  matters: Matter[]
}

/** Green only if the auditor says so now, every part of the system answers, and nothing waits for a person. */
export function verdictOf(overview: Overview): Verdict {
  const { audit } = overview
  const matters = [...findingsOf(overview), ...brokerOf(overview), ...overview.services.flatMap(ofService), ...processesOf('', [overview.gateway, overview.auditor])]
  matters.sort((a, b) => Number(b.isUrgent) - Number(a.isUrgent) || (a.since ?? '9').localeCompare(b.since ?? '9'))
  const violated = audit?.invariants.filter((each) => each.state === 'violated') ?? []
  return { state: stateOf(overview, matters), areas: [...new Set(violated.map((each) => areaOf(each.name)))], matters }
}

function stateOf({ audit }: Overview, matters: Matter[]): Verdict['state'] {
  if (!audit || audit.state === 'unknown') return 'unknown'
  if (audit.state === 'findings') return 'findings'
  if (audit.state === 'incomplete') return 'incomplete'
  return matters.length ? 'matters' : 'well'
}

export function areaOf(invariant: string): string {
  return invariant.split('.')[0] ?? invariant
}

function findingsOf({ audit }: Overview): Matter[] {
  const violated = (audit?.invariants ?? []).filter((each) => each.state === 'violated')
  const blind = (audit?.invariants ?? []).filter((each) => each.blind !== null)
  const to = (name: string) => ({ name: 'auditor', query: { invariant: name } })
  return [
    ...violated.map((each): Matter => ({ kind: 'finding', isUrgent: true, name: each.name, count: each.findings, since: each.since, to: to(each.name) })),
    ...blind.map((each): Matter => ({ kind: 'blind', isUrgent: false, name: each.name, count: 1, since: each.since, to: to(each.name) })),
  ]
}

function brokerOf(overview: Overview): Matter[] {
  return overview.broker_answers ? [] : [{ kind: 'broker', isUrgent: true, name: '', count: 1, to: { name: 'overview' } }]
}

function ofService(service: Service): Matter[] {
  const name = service.service
  const here = { name: 'overview', query: { service: name } }
  if (!service.answers) return [{ kind: 'service', isUrgent: true, name, count: 1, since: service.answered_at ?? undefined, to: here }]
  const letters = service.dead_letters?.find((each) => each.state === 'open')
  const stuck = service.sagas?.filter((each) => each.status === 'stuck') ?? []
  const listed = (saga: string) => ({ name: 'sagas', query: { ...(name === 'users' ? { service: 'users' } : {}), status: 'stuck', name: saga } })
  const found = stuck.map((each): Matter => ({ kind: 'saga', isUrgent: true, name: each.name, count: each.number, since: each.unmoved_since, to: listed(each.name) }))
  if (letters?.number) found.push({ kind: 'letters', isUrgent: false, name, count: letters.number, since: letters.oldest_at, to: { name: 'letters', query: { service: name } } })
  if (service.outbox?.failed) found.push({ kind: 'outbox', isUrgent: true, name, count: service.outbox.failed, to: here })
  return [...found, ...processesOf(name, service.processes)]
}

function processesOf(service: string, processes: Process[]): Matter[] {
  const to = { name: 'overview', query: service ? { service } : {} }
  return processes
    .filter((each) => each.state !== 'ready')
    .map((each) => ({ kind: 'process', isUrgent: each.state !== 'unready', name: each.process, count: 1, since: each.since ?? undefined, to }))
}
