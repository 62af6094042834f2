/** What an operator does with dead letters. */

import { archiveDeadLetter, newKey, retryDeadLetter, retryDeadLetters } from '@jishi/client'
import type { Group, Letter } from './groups'

export async function retryOne(letter: Letter, note: string): Promise<void> {
  await retryDeadLetter({ path: pathOf(letter), body: note ? { note } : {} })
}

export async function archiveOne(letter: Letter, note: string): Promise<void> {
  await archiveDeadLetter({ path: pathOf(letter), body: { note } })
}

/** Retries all letters of a group, also those that are not listed yet, in portions. */
export async function retryGroup(group: Group, note: string): Promise<{ retried: number; unreadable: number }> {
  const done = { retried: 0, unreadable: 0 }
  let cursor: string | null = null
  do {
    const kind = { topic: group.topic, ...(group.exception ? { exception: group.exception } : {}), ...(note ? { note } : {}) }
    const { data }: Awaited<ReturnType<typeof retryDeadLetters>> = await retryDeadLetters({
      path: { service: group.service },
      body: { ...kind, ...(cursor ? { cursor } : {}) },
      headers: { 'Idempotency-Key': newKey() },
    })
    done.retried += data.retried
    done.unreadable += data.unreadable
    cursor = data.next
  } while (cursor)
  return done
}

/** Archives the letters one by one; what failed is thrown when the others are done. */
export async function archiveAll(letters: Letter[], note: string): Promise<number> {
  const results = await Promise.allSettled(letters.map((letter) => archiveOne(letter, note)))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  return results.length
}

function pathOf(letter: Letter) {
  return { service: letter.service, dead_letter_id: letter.dead_letter_id }
}
