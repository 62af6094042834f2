import { expect, test } from 'vitest'
import { forgetToken, takeToken } from './invitation'

function storage() {
  const kept = new Map<string, string>()
  return { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => void kept.set(name, value), removeItem: (name: string) => void kept.delete(name) }
}

test('the token leaves the address, and is kept while its owner signs in', () => {
  const stored = storage()
  let cleaned = 0
  expect(takeToken({ hash: '#secret', stored, clean: () => (cleaned += 1) })).toBe('secret')
  expect(cleaned).toBe(1)
  expect(takeToken({ hash: '', stored, clean: () => (cleaned += 1) })).toBe('secret')
  expect(cleaned).toBe(1)
})

test('an accepted invitation is forgotten', () => {
  const stored = storage()
  takeToken({ hash: '#secret', stored, clean: () => undefined })
  forgetToken(stored)
  expect(takeToken({ hash: '', stored, clean: () => undefined })).toBe('')
})
