import { expect, test } from 'vitest'
import { piecesOf, unsentOf } from './parcels'

const line = (line_id: string, refundable_quantity: number) => ({ line_id, title: line_id, options: '', image: null, refundable_quantity }) as never
const parcel = (line_id: string, quantity: number) => ({ lines: [{ line_id, quantity }] }) as never

test('pieces in parcels and refunded pieces are not left to send', () => {
  const order = { lines: [line('mug', 3), line('bowl', 1), line('gone', 0)], parcels: [parcel('mug', 2), parcel('bowl', 1)] }
  expect(unsentOf(order).map(({ line_id, left }) => [line_id, left])).toEqual([['mug', 1]])
})

test('all that is left needs no list of pieces', () => {
  const left = unsentOf({ lines: [line('mug', 2), line('bowl', 1)], parcels: [] })
  expect(piecesOf(left, {})).toBeUndefined()
  expect(piecesOf(left, { mug: 2, bowl: 1 })).toBeUndefined()
})

test('a part is listed by its lines, without the empty ones and never more than is left', () => {
  const left = unsentOf({ lines: [line('mug', 2), line('bowl', 1)], parcels: [] })
  expect(piecesOf(left, { mug: 1, bowl: 0 })).toEqual([{ line_id: 'mug', quantity: 1 }])
  expect(piecesOf(left, { mug: 9, bowl: 0 })).toEqual([{ line_id: 'mug', quantity: 2 }])
})
