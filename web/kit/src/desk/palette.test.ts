import { expect, test } from 'vitest'
import { type Entry, grouped, matching } from './palette'

const entry = (group: string, label: string, also = ''): Entry => ({ group, label, also, icon: {}, go: () => undefined })
const ENTRIES = [entry('Places', 'Products'), entry('Places', 'Orders'), entry('Actions', 'New product'), entry('Orders', 'JS1-4426', 'mug')]

test('all words of the text must occur, in any case', () => {
  expect(matching(ENTRIES, 'PROD new').map((each) => each.label)).toEqual(['New product'])
  expect(matching(ENTRIES, 'mug')[0]?.label).toBe('JS1-4426')
  expect(matching(ENTRIES, 'nothing such')).toEqual([])
})

test('labels that begin with the text come first', () => {
  expect(matching(ENTRIES, 'prod').map((each) => each.label)).toEqual(['Products', 'New product'])
})

test('an empty text finds everything, by group', () => {
  expect(grouped(matching(ENTRIES, ' ')).map(([group, found]) => [group, found.length])).toEqual([['Places', 2], ['Actions', 1], ['Orders', 1]])
})
