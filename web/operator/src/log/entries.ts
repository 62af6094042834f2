/** What an entry of the operator log is about, and how its facts changed. */

import type { RouteLocationRaw } from 'vue-router'

export interface Subject {
  kind: string
  id: string
}

/** `saga 01a2…`: the last word is the id, the words before it the kind. */
export function subjectOf(about: string): Subject {
  const at = about.lastIndexOf(' ')
  return { kind: about.slice(0, Math.max(0, at)), id: about.slice(at + 1) }
}

/** Where the subject can be seen; undefined if no page shows it. */
export function placeOf({ kind, id }: Subject, service: string): RouteLocationRaw | undefined {
  switch (kind) {
    case 'saga': return { name: 'saga', params: { service: service === 'users' ? 'users' : 'orders', id } }
    case 'dead letter': return { name: 'letters', query: { service, letter: id } }
    case 'dead letters': return { name: 'letters', query: { service, topic: id } }
    case 'shop': return { name: 'shops', query: { shop: id } }
    case 'payment': return { name: 'payment', params: { id } }
    case 'refund': return { name: 'refund', params: { id } }
    case 'order': return { name: 'order', params: { number: id } }
    case 'checkout': return { name: 'sagas', query: { key: id } }
    case 'unidentified': return { name: 'unidentified', query: { id } }
    case 'account': return { name: 'people', query: { id } }
    case 'switch': return { name: 'switches' }
    default: return undefined
  }
}

export interface Fact {
  name: string
  before: string
  after: string
}

type Facts = Record<string, unknown> | null

/** The facts before and after side by side; those that are equal are left out. */
export function factsOf(before: Facts, after: Facts): Fact[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return names
    .map((name) => ({ name, before: textOf(before?.[name]), after: textOf(after?.[name]) }))
    .filter((fact) => fact.before !== fact.after)
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
