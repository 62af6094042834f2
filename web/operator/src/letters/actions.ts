/** What an operator does with dead letters. */

import { archiveDeadLetter, archiveDeadLetters, newKey, retryDeadLetter, retryDeadLetters, retryEditedDeadLetter } from '@jishi/client'
import type { Group, Letter } from './groups'

export async function retryOne(letter: Letter, note: string): Promise<void> {
  await retryDeadLetter({ path: pathOf(letter), body: note ? { note } : {} })
}

/** Retries a letter with another content; values that are masked stay as they were. */
export async function retryEdited(letter: Letter, body: string, note: string): Promise<void> {
  await retryEditedDeadLetter({ path: pathOf(letter), body: { body, note } })
}

export async function archiveOne(letter: Letter, note: string): Promise<void> {
  await archiveDeadLetter({ path: pathOf(letter), body: { note } })
}

/** Retries all letters of a group in portions. */
export async function retryGroup(group: Group, note: string): Promise<{ retried: number; unreadable: number }> {
  const done = { retried: 0, unreadable: 0 }
  const of = { ...kindOf(group), ...(note ? { note } : {}) }
  await inPortions(async (cursor) => {
    const { data } = await retryDeadLetters({ path: { service: group.service }, body: { ...of, ...cursor }, headers: key() })
    done.retried += data.retried
    done.unreadable += data.unreadable
    return data.next
  })
  return done
}

/** Archives all letters of a group in portions, and counts them. */
export async function archiveGroup(group: Group, note: string): Promise<number> {
  let archived = 0
  await inPortions(async (cursor) => {
    const { data } = await archiveDeadLetters({ path: { service: group.service }, body: { ...kindOf(group), note, ...cursor }, headers: key() })
    archived += data.archived
    return data.next
  })
  return archived
}

/** Repeats a call with the cursor that it answered until there are no more. */
async function inPortions(call: (cursor: { cursor?: string }) => Promise<string | null>): Promise<void> {
  let next = await call({})
  while (next) next = await call({ cursor: next })
}

function kindOf(group: Group) {
  return { topic: group.topic, ...(group.exception ? { exception: group.exception } : {}) }
}

function pathOf(letter: Letter) {
  return { service: letter.service, dead_letter_id: letter.dead_letter_id }
}

function key() {
  return { 'Idempotency-Key': newKey() }
}
