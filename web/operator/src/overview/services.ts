/** What the overview shows of a service, in sums. What is not known stays unknown: null. */

import type { Overview } from '@jishi/client'

type Service = Overview['services'][number]

export interface ServiceRow {
  service: Service['service']
  state: 'ok' | 'wait' | 'need'
  /** The word of the state. */
  word: 'ready' | 'dead_letters' | 'processes' | 'silent'
  ready: number
  processes: number
  /** Messages that wait in its queues. */
  waiting: number | null
  handled: number | null
  due: number | null
  dueSince?: string
  letters: number | null
}

export function rowOf(service: Service): ServiceRow {
  const ready = service.processes.filter((each) => each.state === 'ready').length
  const letters = service.dead_letters === null ? null : (service.dead_letters.find((each) => each.state === 'open')?.number ?? 0)
  return {
    service: service.service,
    ...judged(service, ready, letters),
    ready,
    processes: service.processes.length,
    waiting: sum(service.queues.map((each) => each.ready)),
    handled: sum(service.queues.map((each) => each.handled_per_minute)),
    due: service.outbox?.due ?? null,
    dueSince: service.outbox?.due_since ?? undefined,
    letters,
  }
}

function judged(service: Service, ready: number, letters: number | null): Pick<ServiceRow, 'state' | 'word'> {
  if (!service.answers) return { state: 'need', word: 'silent' }
  if (ready < service.processes.length) return { state: 'need', word: 'processes' }
  return letters ? { state: 'wait', word: 'dead_letters' } : { state: 'ok', word: 'ready' }
}

/** The sum of what is known; null if nothing is. */
export function sum(numbers: (number | null)[]): number | null {
  const known = numbers.filter((each) => each !== null)
  return known.length ? known.reduce((total, each) => total + each, 0) : null
}
