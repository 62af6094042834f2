import { expect, test } from 'vitest'
import { formatMoney, isRound, priceParts, shortMoney } from './money'

test('an amount is shown with its symbol in both languages', () => {
  expect(formatMoney({ amount: 17690, currency: 'CNY' }, 'zh-CN')).toBe('¥176.90')
  expect(formatMoney({ amount: 129900, currency: 'CNY' }, 'en')).toBe('¥1,299.00')
})

test('a currency without minor units has no fraction', () => {
  expect(formatMoney({ amount: 500, currency: 'JPY' }, 'en')).toBe('¥500')
})

test('the parts of a price add up to the price', () => {
  for (const amount of [0, 5, 99, 100, 123456789, -250]) {
    const parts = priceParts({ amount, currency: 'CNY' }, 'zh-CN')
    expect(parts.fraction).toMatch(/^\.\d\d$/)
    expect(`${parts.symbol}${parts.whole}${parts.fraction}`.replace('¥-', '-¥')).toBe(
      formatMoney({ amount, currency: 'CNY' }, 'zh-CN'),
    )
  }
})

test('a round amount may be shown without its zeros', () => {
  expect([4000, 4050, 4005, 100_000].map((amount) => shortMoney({ amount }, 'en'))).toEqual(['¥40', '¥40.50', '¥40.05', '¥1,000'])
  expect(shortMoney({ amount: 500, currency: 'JPY' }, 'en')).toBe('¥500')
  expect([4000, 4050].map((amount) => isRound({ amount }))).toEqual([true, false])
})
