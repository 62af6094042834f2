import { expect, test } from 'vitest'
import { bands, heightAt, shownLabels, ticksUpTo } from './scales'

test('ticks are round and reach the highest value', () => {
  expect(ticksUpTo(330_000)).toEqual([0, 100_000, 200_000, 300_000, 400_000])
  expect(ticksUpTo(12_345)).toEqual([0, 5000, 10_000, 15_000])
  for (const highest of [1, 99, 100, 101, 4_999, 7_777_777]) expect(ticksUpTo(highest).at(-1)).toBeGreaterThanOrEqual(highest)
})

test('there are few ticks, and none below a whole unit of money', () => {
  for (const highest of [0, 1, 250, 999, 123_456, 98_765_432]) {
    const ticks = ticksUpTo(highest)
    expect(ticks.length).toBeLessThanOrEqual(6)
    expect(ticks[1]).toBeGreaterThanOrEqual(100)
  }
})

test('bars fill their place without touching', () => {
  const places = bands(30, 40, 640)
  expect(places).toHaveLength(30)
  places.slice(1).forEach((band, at) => expect(band.x).toBeGreaterThan((places[at]?.x ?? 0) + (places[at]?.width ?? 0)))
  expect((places.at(-1)?.x ?? 0) + (places.at(-1)?.width ?? 0)).toBeLessThanOrEqual(640)
})

test('zero stands at the bottom and the highest tick at the top', () => {
  expect(heightAt(0, 400, 180, 20)).toBe(180)
  expect(heightAt(400, 400, 180, 20)).toBe(20)
  expect(heightAt(-50, 400, 180, 20)).toBe(180)
})

test('the last label is always shown', () => {
  expect(shownLabels(7, 7)).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(shownLabels(30, 6)).toEqual([4, 9, 14, 19, 24, 29])
  expect(shownLabels(30, 1)).toEqual([29])
})
