/** Entries of the ledger as postings: debits first, credits indented below them. */

import type { Money } from '@jishi/kit'

export interface Entry {
  posting: string
  posted_at: string
  account: string
  amount: Money
  order_id: string | null
}

export interface Leg {
  account: string
  /** The name or id behind the account's kind: a shop, a provider. */
  of: string | undefined
  debit: number
  credit: number
}

export interface Posting {
  key: string
  kind: string
  at: string
  currency: string
  legs: Leg[]
}

/** Postings in the order of time; entries of one posting have its kind and its time. */
export function postingsOf(entries: Entry[]): Posting[] {
  const found = new Map<string, Entry[]>()
  for (const entry of entries) {
    const key = `${entry.posted_at} ${entry.posting}`
    found.set(key, [...(found.get(key) ?? []), entry])
  }
  return [...found].map(([key, of]) => ({
    key,
    kind: of[0]?.posting ?? '',
    at: of[0]?.posted_at ?? '',
    currency: of[0]?.amount.currency ?? 'CNY',
    legs: of.map(legOf).sort((a, b) => Number(a.credit > 0) - Number(b.credit > 0)),
  }))
}

/** An entry is positive for a debit. */
export function legOf(entry: { account: string; amount: Money }): Leg {
  const [account = '', of] = entry.account.split(':')
  return { account, of, debit: Math.max(0, entry.amount.amount), credit: Math.max(0, -entry.amount.amount) }
}

/** The sums of both sides. */
export function sumsOf(legs: { debit: number; credit: number }[]): { debit: number; credit: number } {
  return legs.reduce((sum, leg) => ({ debit: sum.debit + leg.debit, credit: sum.credit + leg.credit }), { debit: 0, credit: 0 })
}
