/** Amounts on coupons, which are nearly always whole: `¥40`, not `¥40.00`. */

import { formatMoney, type Money } from '@jishi/kit'

export function shortMoney(money: Money, language: string): string {
  return formatMoney(money, language).replace(/[.,]00$/, '')
}

/** Whether nothing stands behind the decimal point. */
export function isWhole(money: Money): boolean {
  return shortMoney(money, 'en') !== formatMoney(money, 'en')
}
