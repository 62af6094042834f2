/** Dead letters by what they are and why they failed. */

import type { DeadLetterGroupOfService, DeadLetterOfService } from '@jishi/client'

export type Letter = DeadLetterOfService
export type Group = DeadLetterGroupOfService

const DAY = 86_400_000
/** Inbox rows are kept for 30 days; a later copy of a message could take effect twice. */
const RETRIED_WITHIN = 21 * DAY
const UNREADABLE = 'shared.delivery.Unreadable'

export type Able = 'yes' | 'unreadable' | 'old'

/** What letters of one group have in common. */
export function keyOf(of: { service: string; topic: string; exception: string | null }): string {
  return `${of.service} ${of.topic} ${of.exception ?? ''}`
}

/** The group that an address names, as exactly as it does; the first one if it names none. */
export function groupNamed<G extends Pick<Group, 'service' | 'topic' | 'exception'>>(groups: G[], named: { service: string; topic: string; exception: string }): G | undefined {
  const fits = (group: G) =>
    (!named.service || group.service === named.service) && (!named.topic || group.topic === named.topic) && (!named.exception || group.exception === named.exception)
  return groups.find(fits)
}

/** Whether a letter can be retried as it is: `unreadable` ones wait for another version or are mended, `old` ones can only be archived. */
export function canRetry(letter: Pick<Letter, 'exception' | 'first_failed_at' | 'arrived_at'>, now = Date.now()): Able {
  if (now - new Date(letter.first_failed_at ?? letter.arrived_at).getTime() > RETRIED_WITHIN) return 'old'
  return letter.exception === UNREADABLE ? 'unreadable' : 'yes'
}

/** The same for a group: `old` if all of its letters are. */
export function canRetryGroup(group: Pick<Group, 'exception' | 'number' | 'too_old'>): Able {
  if (group.too_old >= group.number) return 'old'
  return group.exception === UNREADABLE ? 'unreadable' : 'yes'
}

/** The last lines of a stack, the cause last. */
export function lastLines(stack: string, count: number): string {
  return stack.trimEnd().split('\n').slice(-count).join('\n')
}
