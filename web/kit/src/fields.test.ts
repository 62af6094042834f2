import { expect, test } from 'vitest'
import { type Asked, faultOf } from './fields'

const field = (validity: Partial<ValidityState>, more: Partial<Asked> = {}): Asked => ({ type: 'text', min: '1', max: '20', minLength: 8, step: '', ...more, validity })

test('what is missing is filled in, chosen or ticked', () => {
  expect(['text', 'select-one', 'radio', 'checkbox'].map((type) => faultOf(field({ valueMissing: true }, { type }))?.fault)).toEqual([
    'missing', 'not_chosen', 'not_chosen', 'not_ticked',
  ])
})

test('a limit that is not kept is named', () => {
  expect(faultOf(field({ tooShort: true }))).toEqual({ fault: 'too_short', limit: '8' })
  expect(faultOf(field({ rangeUnderflow: true }))).toEqual({ fault: 'too_small', limit: '1' })
  expect(faultOf(field({ rangeOverflow: true }))).toEqual({ fault: 'too_large', limit: '20' })
  expect(faultOf(field({ stepMismatch: true }))).toEqual({ fault: 'not_whole', limit: '1' })
})

test('an address, a number and a pattern have a form', () => {
  expect(faultOf(field({ typeMismatch: true }, { type: 'email' }))?.fault).toBe('email')
  expect(faultOf(field({ badInput: true }, { type: 'number' }))?.fault).toBe('not_a_number')
  expect(faultOf(field({ patternMismatch: true }))?.fault).toBe('wrong_form')
  expect(faultOf(field({}))).toBeUndefined()
})
