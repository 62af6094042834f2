import { expect, test } from 'vitest'
import { ageWords, secondsBetween } from './ages'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test.each([
  [0.049, '49 毫秒', '49 ms'],
  [3.26, '3.3 秒', '3.3 sec'],
  [59, '59 秒', '59 sec'],
  [252, '4 分12 秒', '4 min 12 sec'],
  [48_000, '13 小时20 分钟', '13 hr 20 min'],
  [3 * 86_400, '3 天', '3 days'],
  [2 * 86_400 + 3_700, '2 天1 小时', '2 days 1 hr'],
  [-5, '0 毫秒', '0 ms'],
])('%d seconds in the two largest units', (seconds, chinese, english) => {
  expect(plain(ageWords(seconds, 'zh-CN'))).toBe(chinese)
  expect(plain(ageWords(seconds, 'en'))).toBe(english)
})

test('the seconds between two times', () => {
  expect(secondsBetween('2026-11-27T14:04:36Z', '2026-11-27T14:05:06.5Z')).toBe(30.5)
})
