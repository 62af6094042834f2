import { expect, test } from 'vitest'
import { formatSpan } from './span'

test('a span is said in its largest unit', () => {
  expect(formatSpan(3 * 3_600_000 + 900_000, 'en')).toBe('3 hours')
  expect(formatSpan(47 * 3_600_000, 'zh-CN')).toBe('47小时')
  expect(formatSpan(72 * 3_600_000, 'en')).toBe('3 days')
})

test('less than a minute counts as one', () => {
  expect(formatSpan(20_000, 'en')).toBe('1 minute')
})
