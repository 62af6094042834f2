import { expect, test } from 'vitest'
import { type Cell, combinations, emptyCell, type Option, regrid } from './grid'

const GLAZE: Option = { id: 1, name: '釉色', values: ['青灰', '米白'] }
const SIZE: Option = { id: 2, name: '容量', values: ['240 ml', '350 ml'] }
const cell = (values: string[], price: string, code = ''): Cell => ({ ...emptyCell(values), price, code })

test('the first option changes slowest', () => {
  expect(combinations([GLAZE, SIZE])).toEqual([['青灰', '240 ml'], ['青灰', '350 ml'], ['米白', '240 ml'], ['米白', '350 ml']])
})

test('a product without options is one SKU', () => {
  expect(combinations([])).toEqual([[]])
})

test('an option without values has no SKUs yet', () => {
  expect(combinations([GLAZE, { ...SIZE, values: [] }])).toEqual([])
})

test('a new value keeps the cells that are there', () => {
  const cells = [cell(['青灰'], '79.00', 'A'), cell(['米白'], '89.00', 'B')]
  const after = regrid(cells, [GLAZE], [{ ...GLAZE, values: ['青灰', '墨色', '米白'] }])
  expect(after.map(({ values, price, code }) => [values[0], price, code])).toEqual([['青灰', '79.00', 'A'], ['墨色', '', ''], ['米白', '89.00', 'B']])
})

test('with a new option the first of each takes the cell over, and the others its price', () => {
  const after = regrid([cell(['青灰'], '79.00', 'A'), cell(['米白'], '89.00', 'B')], [GLAZE], [GLAZE, SIZE])
  expect(after.map(({ values, price, code }) => [values.join(' '), price, code])).toEqual([
    ['青灰 240 ml', '79.00', 'A'], ['青灰 350 ml', '79.00', ''], ['米白 240 ml', '89.00', 'B'], ['米白 350 ml', '89.00', ''],
  ])
})

test('without an option the first cell of each value stays', () => {
  const cells = combinations([GLAZE, SIZE]).map((values, at) => cell(values, `${at}.00`))
  expect(regrid(cells, [GLAZE, SIZE], [SIZE]).map(({ values, price }) => [values[0], price])).toEqual([['240 ml', '0.00'], ['350 ml', '1.00']])
})

test('a renamed option keeps its cells', () => {
  expect(regrid([cell(['青灰'], '79.00'), cell(['米白'], '89.00')], [GLAZE], [{ ...GLAZE, name: '颜色' }]).map(({ price }) => price)).toEqual(['79.00', '89.00'])
})
