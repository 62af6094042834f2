import { expect, test } from 'vitest'
import { piecesOf } from './payload'

test('names and masked values of a document are told apart, and the text is whole', () => {
  const document = { buyer_id: '•••', note: 'a: "b"', lines: [1] }
  const pieces = piecesOf(document)
  expect(pieces.map((piece) => piece.text).join('')).toBe(JSON.stringify(document, null, 2))
  expect(pieces.filter((piece) => piece.kind === 'name').map((piece) => piece.text)).toEqual(['"buyer_id":', '"note":', '"lines":'])
  expect(pieces.filter((piece) => piece.kind === 'masked')).toHaveLength(1)
})

test('a body that is no JSON is shown as it is', () => {
  expect(piecesOf('no json')).toEqual([{ kind: 'text', text: 'no json' }])
})
