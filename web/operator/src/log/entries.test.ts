import { expect, test } from 'vitest'
import { factsOf, placeOf, subjectOf } from './entries'

test('a subject is a kind and an id', () => {
  expect(subjectOf('dead letter 01a2')).toEqual({ kind: 'dead letter', id: '01a2' })
  expect(subjectOf('switch pay.wechat')).toEqual({ kind: 'switch', id: 'pay.wechat' })
  expect(subjectOf('refunds')).toEqual({ kind: '', id: 'refunds' })
})

test('a subject leads to its page, in the service of its entry', () => {
  expect(placeOf({ kind: 'saga', id: 's' }, 'users')).toEqual({ name: 'saga', params: { service: 'users', id: 's' } })
  expect(placeOf({ kind: 'dead letters', id: 'catalog.restock.v1' }, 'catalog')).toEqual({ name: 'letters', query: { service: 'catalog', topic: 'catalog.restock.v1' } })
  expect(placeOf({ kind: 'sku', id: 's' }, 'catalog')).toBeUndefined()
})

test('facts that changed stand side by side', () => {
  expect(factsOf({ is_on: true, name: 'a' }, { is_on: false, name: 'a', reason: 'x' })).toEqual([
    { name: 'is_on', before: 'true', after: 'false' },
    { name: 'reason', before: '', after: 'x' },
  ])
  expect(factsOf(null, { slug: 'a' })).toEqual([{ name: 'slug', before: '', after: 'a' }])
})
