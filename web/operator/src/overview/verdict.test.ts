import { expect, test } from 'vitest'
import { lanesOf, runsOf } from './lanes'
import { audit, invariant, overview, service } from './overview.fixture'
import { rowOf } from './services'
import { verdictOf } from './verdict'

test('everything is well only if the auditor says so and nothing waits', () => {
  expect(verdictOf(overview())).toEqual({ state: 'well', areas: [], matters: [] })
})

test.each([
  ['a silent auditor', { audit: audit({ state: 'unknown' }) }],
  ['no audit at all', { audit: null }],
])('nobody knows with %s, whatever else is well', (_, of) => {
  expect(verdictOf(overview(of)).state).toBe('unknown')
})

test('findings name their areas and lead to their invariant', () => {
  const invariants = [invariant('stock.levels', { state: 'violated', findings: 2 }), invariant('money.orders')]
  const verdict = verdictOf(overview({ audit: audit({ state: 'findings', findings: 2, invariants }) }))
  expect([verdict.state, verdict.areas]).toEqual(['findings', ['stock']])
  expect(verdict.matters[0]).toMatchObject({ kind: 'finding', name: 'stock.levels', count: 2, to: { name: 'auditor', query: { invariant: 'stock.levels' } } })
})

test('a check that could not run is not green', () => {
  const invariants = [invariant('stock.levels', { state: 'unknown', blind: 'catalog does not answer' })]
  const verdict = verdictOf(overview({ audit: audit({ state: 'incomplete', invariants }) }))
  expect([verdict.state, verdict.matters.map((matter) => matter.kind)]).toEqual(['incomplete', ['blind']])
})

test('what waits for a person is listed, the urgent ones and the oldest first', () => {
  const stuck = { name: 'orders.checkout', status: 'stuck' as const, number: 1, oldest_started_at: '2026-11-27T00:00:00Z', unmoved_since: '2026-11-27T00:44:00Z' }
  const busy = service({
    service: 'orders',
    sagas: [stuck, { ...stuck, status: 'running' }],
    dead_letters: [{ state: 'open', number: 12, oldest_at: '2026-11-26T22:55:00Z' }, { state: 'retried', number: 5, oldest_at: '2026-11-20T00:00:00Z' }],
    outbox: { due: 2, due_since: null, failed: 1, sent_last_minute: 0 },
  })
  const verdict = verdictOf(overview({ services: [busy] }))
  expect(verdict.state).toBe('matters')
  expect(verdict.matters.map((matter) => [matter.kind, matter.count, matter.isUrgent])).toEqual([['saga', 1, true], ['outbox', 1, true], ['letters', 12, false]])
})

test('a service that does not answer is one matter, whatever it said last', () => {
  const silent = service({ answers: false, dead_letters: [{ state: 'open', number: 3, oldest_at: 'x' }], processes: [] })
  expect(verdictOf(overview({ services: [silent] })).matters.map((matter) => matter.kind)).toEqual(['service'])
  expect(rowOf(silent)).toMatchObject({ state: 'need', word: 'silent' })
})

test('the broker and every process count', () => {
  const gateway = { ...overview().gateway, state: 'unready' as const }
  expect(verdictOf(overview({ broker_answers: false, gateway })).matters.map((matter) => matter.kind)).toEqual(['broker', 'process'])
})

test('the sums of a service add what is known', () => {
  expect(rowOf(service())).toMatchObject({ state: 'ok', ready: 1, processes: 1, waiting: 3, handled: 42, due: 0, letters: 0 })
  expect(rowOf(service({ queues: [], outbox: null, dead_letters: null }))).toMatchObject({ waiting: null, handled: null, due: null, letters: null })
})

test('an area is green only while all its invariants are known to hold', () => {
  const states = (of: Parameters<typeof audit>[0]) => lanesOf(audit(of)).map((lane) => `${lane.area} ${lane.state}`)
  expect(states({})).toEqual(['stock ok', 'money ok'])
  expect(states({ state: 'unknown' })).toEqual(['stock none', 'money none'])
  const invariants = [invariant('stock.levels', { state: 'violated', findings: 1 }), invariant('money.orders', { waiting: 1 })]
  expect(states({ state: 'findings', invariants })).toEqual(['stock need', 'money wait'])
})

test('quarters of an hour of one state are one piece of the strip', () => {
  expect(runsOf(['unknown', 'clean', 'clean', 'findings'])).toEqual([
    { state: 'unknown', from: 0, length: 1 },
    { state: 'clean', from: 1, length: 2 },
    { state: 'findings', from: 3, length: 1 },
  ])
})
