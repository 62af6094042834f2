import { expect, test } from 'vitest'
import { bestOf, changeOf, lastDays } from './sales'

const money = (amount: number) => ({ amount, currency: 'CNY' })
const day = (name: string, gross: number, refunded = 0) => ({ day: name, orders: gross ? 1 : 0, gross: money(gross), refunded: money(refunded), net: money(gross - refunded) })
const DAYS = [day('11-24', 1000), day('11-25', 0), day('11-26', 3000, 500), day('11-27', 1500)]

test('the last days are added up, and compared with as many before', () => {
  expect(lastDays(DAYS, 2)).toEqual({ gross: 4500, orders: 2, refunded: 500, net: 4000, before: 1000 })
})

test('days that are not known are not compared with', () => {
  expect(lastDays(DAYS, 3).before).toBeUndefined()
})

test('a change is in per cent, and there is none from nothing', () => {
  expect(changeOf(lastDays(DAYS, 2))).toBe(350)
  expect(changeOf(lastDays(DAYS, 3))).toBeUndefined()
  expect(changeOf({ gross: 5, orders: 1, refunded: 0, net: 5, before: 0 })).toBeUndefined()
})

test('the best day is the one with the most sales, if there were any', () => {
  expect(bestOf(DAYS)?.day).toBe('11-26')
  expect(bestOf([day('11-25', 0)])).toBeUndefined()
})
