import { expect, test } from 'vitest'
import { allowedFor, VIEWS } from './states'

const parcel = { parcel_id: '1' } as never

test('a paid order can be accepted or refused, and not shipped yet', () => {
  expect(allowedFor({ state: 'confirmed', parcels: [] })).toEqual({ accept: true, ship: false, refuse: true, slip: true })
})

test('an accepted order can be shipped, and refused only before its first parcel', () => {
  expect(allowedFor({ state: 'preparing', parcels: [] })).toMatchObject({ accept: false, ship: true, refuse: true })
  expect(allowedFor({ state: 'preparing', parcels: [parcel] })).toMatchObject({ ship: true, refuse: false })
})

test('nothing can be done with an order that is over or not paid', () => {
  for (const state of ['placed', 'cancelling', 'cancelled', 'completed'] as const)
    expect(Object.values(allowedFor({ state, parcels: [] }))).not.toContain(true)
})

test('no state is in two views, and all have one', () => {
  const listed = Object.values(VIEWS).flat()
  expect(new Set(listed).size).toBe(listed.length)
  expect(listed).toHaveLength(8)
})
