import { expect, test } from 'vitest'
import { changedLines, faultOf, linesOf } from './edited'

test('only a JSON object can be a message', () => {
  expect([faultOf('{"a": 1}'), faultOf('{"a": }'), faultOf('[1]'), faultOf('null'), faultOf('  ')]).toEqual([undefined, 'broken', 'broken', 'broken', 'empty'])
})

test('a changed line stands as gone and new, the others as they were', () => {
  const lines = linesOf('{\n  "quantity": 3,\n  "sku": "a"\n}', '{\n  "quantity": 2,\n  "sku": "a"\n}')
  expect(lines.map((line) => `${line.kind} ${line.text.trim()}`)).toEqual(['same {', 'gone "quantity": 3,', 'new "quantity": 2,', 'same "sku": "a"', 'same }'])
  expect(changedLines(lines)).toBe(1)
})

test('added and removed lines', () => {
  expect(linesOf('a\nb', 'a\nx\nb').map((line) => line.kind)).toEqual(['same', 'new', 'same'])
  expect(linesOf('a\nb\nc', 'a\nc').map((line) => line.kind)).toEqual(['same', 'gone', 'same'])
  expect(changedLines(linesOf('a', 'a'))).toBe(0)
})
