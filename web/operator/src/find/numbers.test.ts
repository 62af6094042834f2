import { expect, test } from 'vitest'
import { kindOf } from './numbers'

test.each([
  ['26120116975704185098', 'number'],
  ['01a22fe9-b811-73a2-ad58-5879445b2844', 'id'],
  ['4200002026120112345678901234', 'reference'],
  ['sagas', 'none'],
  ['dead letters', 'none'],
  ['', 'none'],
])('%s is a %s', (text, kind) => expect(kindOf(text)).toBe(kind))
