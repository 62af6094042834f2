import { expect, test } from 'vitest'
import { exactTime, formatDay, formatTime } from './dates'

const now = new Date(2026, 11, 10, 9, 0)
const at = (month: number, day: number, hour = 14, minute = 5, year = 2026) => new Date(year, month - 1, day, hour, minute)
const both = (time: Date) => ['zh-CN', 'en'].map((language) => formatTime(time, language, now).replaceAll('\u00a0', ' '))

test('today and its neighbours have names, whatever the hour', () => {
  expect(both(at(12, 10))).toEqual(['今天 14:05', 'today 14:05'])
  expect(both(at(12, 9, 23, 59))).toEqual(['昨天 23:59', 'yesterday 23:59'])
  expect(both(at(12, 11, 0, 1))).toEqual(['明天 00:01', 'tomorrow 00:01'])
})

test('days of the last week are counted', () => {
  expect(both(at(12, 7))).toEqual(['3 天前', '3 days ago'])
  expect(both(at(12, 4))).toEqual(['6 天前', '6 days ago'])
})

test('other days have their date, and another year is named', () => {
  expect(both(at(11, 3))).toEqual(['11 月 3 日 14:05', '3 November at 14:05'])
  expect(both(at(11, 3, 14, 5, 2025))[0]).toBe('2025 年 11 月 3 日 14:05')
  expect(both(at(12, 14))[0]).toBe('12 月 14 日 14:05')
})

test('a day is said without its time', () => {
  expect(formatDay(at(12, 10), 'zh-CN', now)).toBe('今天')
  expect(formatDay(at(12, 31), 'zh-CN', now).replaceAll('\u00a0', ' ')).toBe('12 月 31 日')
  expect(formatDay(at(12, 31), 'en', now)).toBe('31 December')
})

test('the exact time has its seconds', () => {
  expect(exactTime(at(12, 10), 'zh-CN')).toContain('14:05:00')
})
