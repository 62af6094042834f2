/** Prices and counts as people type and paste them: `¥1,299.00`, ` 79 `. */

const HIGHEST = 100_000_000_000
const MOST = 1_000_000_000

/** The amount in minor units; undefined for what is no price of at most two decimals. */
export function minorOf(text: string): number | undefined {
  const plain = text.replace(/[\s,，¥￥]/g, '')
  if (!/^\d+(\.\d{0,2})?$/.test(plain)) return undefined
  const [whole = '', fraction = ''] = plain.split('.')
  const amount = Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
  return amount <= HIGHEST ? amount : undefined
}

/** As it stands in a field: two decimals, no symbol. */
export function majorOf(amount: number): string {
  return `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`
}

/** A whole number of pieces; undefined for anything else. */
export function countOf(text: string): number | undefined {
  const plain = text.replace(/[\s,，]/g, '')
  return /^\d+$/.test(plain) && Number(plain) <= MOST ? Number(plain) : undefined
}
