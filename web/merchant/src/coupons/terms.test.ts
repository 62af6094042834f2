import { expect, test } from 'vitest'
import { campaignOf, fieldOf, lacksOf, type Terms } from './terms'

const TERMS: Terms = { zh: '', en: '', threshold: '199', discount: '30', total: '500', each: '1', starts: '2026-12-10T20:00', ends: '2026-12-13T00:00' }

test('complete terms lack nothing', () => {
  expect(lacksOf(TERMS)).toEqual([])
})

test('a discount is at most its threshold, and a campaign ends after its start', () => {
  expect(lacksOf({ ...TERMS, discount: '200' })).toEqual(['discount_high'])
  expect(lacksOf({ ...TERMS, ends: '2026-12-10T20:00' })).toEqual(['ends_early'])
  expect(lacksOf({ ...TERMS, each: '501' })).toEqual(['each_high'])
})

test('what is missing is named', () => {
  expect(lacksOf({ ...TERMS, threshold: '', total: '0', starts: '' })).toEqual(['threshold', 'total', 'starts'])
})

test('a campaign without names is named by its terms', () => {
  expect(campaignOf(TERMS, 'shop')).toMatchObject({ name: { zh: '满199减30', en: '¥30 off ¥199' }, threshold: { amount: 19_900, currency: 'CNY' }, total_limit: 500 })
  expect(campaignOf({ ...TERMS, zh: '老客券' }, 'shop').name.zh).toBe('老客券')
})

test('times are those of the one who enters them', () => {
  expect(campaignOf(TERMS, 'shop').starts_at).toBe(new Date(2026, 11, 10, 20).toISOString())
  expect(fieldOf(new Date(2026, 11, 10, 20, 5))).toBe('2026-12-10T20:05')
})
