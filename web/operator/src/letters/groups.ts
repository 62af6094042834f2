/** Dead letters by what they are and why they failed. */

import type { DeadLetterOfService } from '@jishi/client'

export type Letter = DeadLetterOfService

export interface Group {
  service: Letter['service']
  topic: string
  exception: string | null
  letters: Letter[]
  /** The cause in words, as the newest of them tells it. */
  message: string | null
  firstAt: string
  lastAt: string
}

const DAY = 86_400_000
/** Inbox rows are kept for 30 days; a later copy of a message could take effect twice. */
const RETRIED_WITHIN = 21 * DAY
const UNREADABLE = 'shared.delivery.Unreadable'

/** Groups of the same service, topic and exception, the largest first. */
export function groupsOf(letters: Letter[]): Group[] {
  const found = new Map<string, Letter[]>()
  for (const letter of letters) found.set(keyOf(letter), [...(found.get(keyOf(letter)) ?? []), letter])
  return [...found.values()].map(groupOf).sort((a, b) => b.letters.length - a.letters.length || b.lastAt.localeCompare(a.lastAt))
}

function groupOf(letters: Letter[]): Group {
  const [newest] = letters as [Letter]
  const { service, topic, exception, message } = newest
  const times = letters.map(failedAt).sort()
  return { service, topic, exception, letters, message, firstAt: times[0] ?? '', lastAt: times.at(-1) ?? '' }
}

/** What letters of one group have in common. */
export function keyOf(of: { service: string; topic: string; exception: string | null }): string {
  return `${of.service} ${of.topic} ${of.exception ?? ''}`
}

export function failedAt(letter: Letter): string {
  return letter.last_failed_at ?? letter.first_failed_at ?? letter.arrived_at
}

/** Whether a letter can be retried as it is: `unreadable` ones wait for another version, `old` ones can only be archived. */
export function canRetry(letter: Letter, now = Date.now()): 'yes' | 'unreadable' | 'old' {
  if (now - new Date(letter.first_failed_at ?? letter.arrived_at).getTime() > RETRIED_WITHIN) return 'old'
  return letter.exception === UNREADABLE ? 'unreadable' : 'yes'
}

/** The last lines of a stack, the cause last. */
export function lastLines(stack: string, count: number): string {
  return stack.trimEnd().split('\n').slice(-count).join('\n')
}
