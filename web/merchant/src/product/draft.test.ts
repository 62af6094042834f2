import { expect, test } from 'vitest'
import { lacksOf } from './checks'
import { changedParts, changeOf, creationOf, type Draft, draftOf, emptyDraft } from './draft'

const sku = (code: string, option_values: string[], amount = 7900) => ({
  sku_id: code, code, options: '', option_values, price: { amount, currency: 'CNY' }, image: null, available: 3, on_hand: 4, reserved: 1, discontinued: false,
})
const PRODUCT = {
  title: '马克杯', description: '<p>粗陶</p>', brand: '山隅', category: '杯壶', tags: ['陶'], option_names: ['釉色', '容量'],
  pictures: [{ src: '/media/a.svg', alt: '', state: 'local' }],
  skus: [sku('A', ['青灰', '240 ml']), sku('B', ['米白', '350 ml'])],
} as never
const DRAFT = draftOf(PRODUCT)
const MUG: Draft = { ...emptyDraft(), title: '马克杯', cells: [{ values: [], isSold: true, code: 'MUG', price: '79', stock: '12', image: null }] }

test('combinations that are no SKU are in the grid, and not sold', () => {
  expect(DRAFT.cells.map(({ values, isSold }) => [values.join(' '), isSold])).toEqual([
    ['青灰 240 ml', true], ['青灰 350 ml', false], ['米白 240 ml', false], ['米白 350 ml', true],
  ])
})

test('nothing is changed before something is typed, and spaces at the ends are not a change', () => {
  expect(changedParts(DRAFT, draftOf(PRODUCT))).toEqual([])
  expect(changedParts(DRAFT, { ...DRAFT, title: ' 马克杯 ' })).toEqual([])
})

test('only changed parts are told', () => {
  expect(changeOf(DRAFT, { ...DRAFT, brand: '隅', tags: [] })).toEqual({ brand: '隅', tags: [] })
})

test('a changed price is told with the SKUs that stay, none of them with stock', () => {
  const cells = DRAFT.cells.map((cell) => (cell.code === 'A' ? { ...cell, price: '89.5' } : cell))
  const { skus } = changeOf(DRAFT, { ...DRAFT, cells })
  expect(skus?.map((each) => [each.code, each.price.amount, each.stock])).toEqual([['A', 8950, undefined], ['B', 7900, undefined]])
})

test('a new product has its first stock', () => {
  expect(creationOf(MUG, 'shop')).toMatchObject({ shop_id: 'shop', category: null, option_names: [], skus: [{ code: 'MUG', stock: 12, price: { amount: 7900, currency: 'CNY' } }] })
})

test('a draft that can be saved lacks nothing', () => {
  expect(lacksOf(MUG)).toEqual([])
  expect(lacksOf(DRAFT)).toEqual([])
})

test('what keeps a draft from being saved is named once', () => {
  expect(lacksOf(emptyDraft())).toEqual(['title', 'price'])
  const [cell] = MUG.cells
  if (!cell) throw new Error('no cell')
  expect(lacksOf({ ...MUG, cells: [cell, { ...cell, stock: 'many' }] })).toEqual(['stock', 'code_repeated'])
  expect(lacksOf({ ...MUG, cells: [{ ...cell, isSold: false }] })).toEqual(['none_sold'])
  expect(lacksOf({ ...MUG, options: [{ id: 1, name: '', values: [] }], cells: [] })).toEqual(['option_name', 'option_values', 'none_sold'])
})
