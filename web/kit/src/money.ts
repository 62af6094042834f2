/** Amounts of money as people read them: `¥176.90`. */

export interface Money {
  /** In minor units: fen, cents. */
  amount: number
  /** ISO 4217; the platform's currency is CNY. */
  currency?: string
}

/** The parts of a price: cards show the symbol and the fraction smaller. */
export interface PriceParts {
  symbol: string
  whole: string
  fraction: string
}

const formats = new Map<string, Intl.NumberFormat>()

/** `¥1,299.00`; a minus sign stands before the symbol. */
export function formatMoney(money: Money, language: string): string {
  return format(language, money.currency ?? 'CNY').format(inMajorUnits(money))
}

/** The same without a fraction of zero, for round amounts: `¥40`. */
export function shortMoney(money: Money, language: string): string {
  return isRound(money) ? formatMoney(money, language).replace(/\D0+$/, '') : formatMoney(money, language)
}

/** Whether nothing stands behind the decimal point. */
export function isRound(money: Money): boolean {
  return Number.isInteger(inMajorUnits(money)) && digitsOf(money) > 0
}

/** The same in parts. */
export function priceParts(money: Money, language: string): PriceParts {
  const found = { symbol: '', whole: '', fraction: '' }
  for (const { type, value } of format(language, money.currency ?? 'CNY').formatToParts(inMajorUnits(money))) {
    if (type === 'currency') found.symbol += value
    else if (type === 'decimal' || type === 'fraction') found.fraction += value
    else found.whole += value
  }
  return found
}

function inMajorUnits(money: Money): number {
  return money.amount / 10 ** digitsOf(money)
}

function digitsOf(money: Money): number {
  return format('en', money.currency ?? 'CNY').resolvedOptions().maximumFractionDigits ?? 2
}

function format(language: string, currency: string): Intl.NumberFormat {
  const key = `${language} ${currency}`
  let known = formats.get(key)
  if (!known) {
    known = new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
    formats.set(key, known)
  }
  return known
}
