import { expect, test } from 'vitest'
import { byCode, csvOf, matching, type RowProblem } from './report'

const row = (line: number, handle: string, code: RowProblem['code']): RowProblem => ({ line, handle, code, text: { zh: `第 ${line} 行，不对`, en: `Line ${line}, "wrong"` } })
const ROWS = [row(38, 'celadon-mug', 'price_too_precise'), row(112, 'ink-teapot', 'price_invalid'), row(203, '=cmd', 'price_invalid')]

test('the most frequent problem comes first', () => {
  expect(byCode(ROWS)).toEqual([['price_invalid', 2], ['price_too_precise', 1]])
})

test('rows are found by problem, handle and line', () => {
  expect(matching(ROWS, 'price_invalid', '').map(({ line }) => line)).toEqual([112, 203])
  expect(matching(ROWS, '', 'MUG').map(({ line }) => line)).toEqual([38])
  expect(matching(ROWS, '', '203')).toHaveLength(1)
})

test('a cell with commas and quotes is quoted, and none is a formula', () => {
  expect(csvOf(ROWS.slice(2), ['line', 'handle', 'code', 'text'], 'en')).toBe('line,handle,code,text\r\n203,\'=cmd,price_invalid,"Line 203, ""wrong"""\r\n')
})
