/**
 * What is wrong in a field, in the language of the page: the browser's own bubbles speak the browser's language.
 * The words are loaded when somebody first comes to a field.
 */

import type { WordFiles, Words } from './words'

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement
export type Asked = Pick<HTMLInputElement, 'type' | 'min' | 'max' | 'minLength' | 'step'> & { validity: Partial<ValidityState> }
type Fault = 'missing' | 'not_chosen' | 'not_ticked' | 'email' | 'not_a_number' | 'too_short' | 'too_small' | 'too_large' | 'not_whole' | 'wrong_form'

export const fieldWords: WordFiles = import.meta.glob('./words/fields/*.json')
const CHOICES = new Set(['select-one', 'select-multiple', 'radio'])

/** Word the faults of all fields of the document from now on. */
export function wordFields(words: Words): void {
  document.addEventListener('focusin', () => void words.load('fields').catch(() => undefined), { once: true })
  document.addEventListener('invalid', ({ target }) => word(target as Field, words), true)
  document.addEventListener('input', ({ target }) => forget(target), true)
  // a value may have been set by a script meanwhile: each attempt to submit begins anew
  document.addEventListener('click', ({ target }) => {
    const form = target instanceof Element ? target.closest('button')?.form : undefined
    for (const each of form?.elements ?? []) forget(each)
  }, true)
}

function word(field: Field, { i18n: { global } }: Words): void {
  forget(field)
  const found = faultOf(field as Asked)
  if (found && global.te(`fields.${found.fault}`)) field.setCustomValidity(global.t(`fields.${found.fault}`, { n: found.limit }))
}

function forget(field: unknown): void {
  if (field instanceof HTMLElement && 'setCustomValidity' in field) (field as Field).setCustomValidity('')
}

/** What is wrong, and the limit that was not kept; undefined if nothing is. */
export function faultOf({ type, min, max, minLength, step, validity }: Asked): { fault: Fault; limit: string } | undefined {
  const by = (fault: Fault, limit: number | string = '') => ({ fault, limit: String(limit) })
  if (validity.valueMissing) return by(type === 'checkbox' ? 'not_ticked' : CHOICES.has(type) ? 'not_chosen' : 'missing')
  if (validity.badInput) return by('not_a_number')
  if (validity.typeMismatch) return by(type === 'email' ? 'email' : 'wrong_form')
  if (validity.tooShort) return by('too_short', minLength)
  if (validity.rangeUnderflow) return by('too_small', min)
  if (validity.rangeOverflow) return by('too_large', max)
  if (validity.stepMismatch) return by('not_whole', step || 1)
  return validity.patternMismatch ? by('wrong_form') : undefined
}
