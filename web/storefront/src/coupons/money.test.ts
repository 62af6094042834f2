import { expect, test } from 'vitest'
import { isWhole, shortMoney } from './money'

test('a whole amount is shown without its zeros, another one with all digits', () => {
  expect(shortMoney({ amount: 4000 }, 'zh-CN')).toBe('¥40')
  expect(shortMoney({ amount: 4050 }, 'zh-CN')).toBe('¥40.50')
  expect([4000, 4050, 4005].map((amount) => isWhole({ amount }))).toEqual([true, false, false])
})
