import { expect, test } from 'vitest'
import { forgetKept } from './kept'

test('what a tab keeps of a person is forgotten, and nothing else', () => {
  const kept = ['checkout', 'checkout_intent', 'address_new', 'address_1', 'checkouts', 'other']
  const storage = { length: kept.length, key: (at: number) => kept[at] ?? null, removeItem: (name: string) => void kept.splice(kept.indexOf(name), 1) }
  forgetKept(storage)
  expect(kept).toEqual(['checkouts', 'other'])
})
