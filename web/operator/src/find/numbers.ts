/** What a typed text may be the number of. */

export type Kind = 'number' | 'id' | 'reference' | 'none'

/** `number`: of an order; `id`: of anything in the system; `reference`: of a payment at its provider; `none`: words. */
export function kindOf(text: string): Kind {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return 'id'
  if (/^\d{20}$/.test(text)) return 'number'
  return /^(?=.*\d)[\w-]{8,64}$/.test(text) ? 'reference' : 'none'
}
