import { expect, test } from 'vitest'
import { conflictsOf, merged } from './conflict'
import { type Draft, emptyDraft } from './draft'

const BASE: Draft = { ...emptyDraft(), title: '马克杯', brand: '山隅', tags: ['陶'] }
const MINE: Draft = { ...BASE, title: '大马克杯', brand: '隅' }
const THEIRS: Draft = { ...BASE, title: '粗陶马克杯', tags: ['陶', '杯'] }

test('only what both changed to something else is a conflict', () => {
  expect(conflictsOf(BASE, MINE, THEIRS)).toEqual(['title'])
  expect(conflictsOf(BASE, MINE, { ...BASE, title: '大马克杯' })).toEqual([])
})

test('what one changed alone is taken over from each', () => {
  expect(merged(BASE, MINE, THEIRS, { title: 'theirs' })).toMatchObject({ title: '粗陶马克杯', brand: '隅', tags: ['陶', '杯'] })
})

test('mine stays where nothing is chosen', () => {
  expect(merged(BASE, MINE, THEIRS, {}).title).toBe('大马克杯')
})

test('options and SKUs are one part', () => {
  const options = [{ id: 0, name: '釉色', values: ['青灰'] }]
  const cells = [{ values: ['青灰'], isSold: true, code: 'A', price: '79', stock: '', image: null }]
  const mine = { ...BASE, options, cells }
  expect(conflictsOf(BASE, mine, THEIRS)).toEqual([])
  expect(merged(BASE, mine, THEIRS, {})).toMatchObject({ options, cells, title: '粗陶马克杯' })
})
