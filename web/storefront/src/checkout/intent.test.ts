import type { CheckOut } from '@jishi/client'
import { expect, test } from 'vitest'
import { Intents, isUnanswered } from './intent'

function intents(storage = new Map<string, string>()) {
  const clock = { now: 0, keys: 0 }
  const kept = { getItem: (name: string) => storage.get(name) ?? null, setItem: (name: string, text: string) => void storage.set(name, text), removeItem: (name: string) => void storage.delete(name) }
  return { clock, storage, given: new Intents(kept, () => clock.now, () => `key ${++clock.keys}`) }
}
const body = (note = '') => ({ quote_token: 't', note }) as CheckOut

test('the same order has the same key until it is answered', () => {
  const { given } = intents()
  expect(given.begin('pot', body()).key).toBe('key 1')
  expect(given.begin('pot', body()).key).toBe('key 1')
  given.end()
  expect(given.begin('pot', body()).key).toBe('key 2')
})

test('a reload finds the unanswered order of its basket', () => {
  const { given, storage } = intents()
  given.begin('pot', body('knock'))
  const reloaded = intents(storage).given
  expect(reloaded.pending('pot')).toMatchObject({ key: 'key 1', body: { note: 'knock' } })
  expect(reloaded.pending('cup')).toBeUndefined()
})

test('other choices are another order', () => {
  const { given } = intents()
  given.begin('pot', body())
  expect(given.begin('pot', body('knock')).key).toBe('key 2')
})

test('an order that was never answered is forgotten after its quote', () => {
  const { given, clock } = intents()
  given.begin('pot', body())
  clock.now = 20 * 60_000
  expect(given.pending('pot')).toBeUndefined()
})

test('what is kept broken is nothing', () => {
  expect(intents(new Map([['checkout_intent', '{']])).given.pending('pot')).toBeUndefined()
})

test('a refusal is an answer; silence, a slow service and a full one are none', () => {
  expect([409, 422, 403].filter(isUnanswered)).toEqual([])
  expect([0, 429, 503, 504].filter(isUnanswered)).toHaveLength(4)
})
