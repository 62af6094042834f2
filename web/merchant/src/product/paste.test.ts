import { expect, test } from 'vitest'
import { emptyCell } from './grid'
import { cellsOf, pasted } from './paste'

const CELLS = ['a', 'b', 'c'].map((value) => emptyCell([value]))

test('rows and columns are told apart, whatever ends a line', () => {
  expect(cellsOf('MUG-1\t79.00\r\nMUG-2\t89.00\r\n')).toEqual([['MUG-1', '79.00'], ['MUG-2', '89.00']])
})

test('quoted cells may have tabs, lines and quotes', () => {
  expect(cellsOf('"a\tb"\t"12"""\n"two\nlines"\t3')).toEqual([['a\tb', '12"'], ['two\nlines', '3']])
})

test('an empty cell stays empty, also at the end', () => {
  expect(cellsOf('a\t\tb\t')).toEqual([['a', '', 'b', '']])
})

test('a block fills to the right and down, and no further than the grid', () => {
  const after = pasted(CELLS, 1, 'price', '79\t5\n89\t6\n99\t7')
  expect(after?.map(({ code, price, stock }) => [code, price, stock])).toEqual([['', '', ''], ['', '79', '5'], ['', '89', '6']])
})

test('more columns than there are do no harm', () => {
  expect(pasted(CELLS, 0, 'stock', '1\t2\n3\t4')?.map(({ stock }) => stock)).toEqual(['1', '3', ''])
})

test('the stock of a SKU that exists is not pasted over', () => {
  const known = [{ ...emptyCell(['a']), sku: { id: '1', available: 3, reserved: 0 } }]
  expect(pasted(known, 0, 'price', '79\t5')?.[0]).toMatchObject({ price: '79', stock: '' })
})

test('a single value is left to its field', () => {
  expect(pasted(CELLS, 0, 'price', '79.00\n')).toBeUndefined()
})
