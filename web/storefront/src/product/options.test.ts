import type { Sku } from '@jishi/client'
import { expect, test } from 'vitest'
import { firstChoice, nearest, skuOf, valuesOf } from './options'

const sku = (clay: string, size: string, available = 3): Sku => ({
  sku_id: `${clay} ${size}`,
  code: '',
  options: '',
  option_values: [clay, size],
  price: { amount: 100, currency: 'CNY' },
  image: null,
  available,
})
const skus = [sku('purple', '160', 0), sku('purple', '220'), sku('red', '160'), sku('red', '300', 0)]

test('a value that no SKU has with the rest of the choice does not exist', () => {
  expect(valuesOf(skus, 1, ['purple', '220'])).toEqual([
    { text: '160', exists: true, available: false },
    { text: '220', exists: true, available: true },
    { text: '300', exists: false, available: false },
  ])
})

test('the page opens with a SKU that is in stock', () => {
  expect(firstChoice(skus)).toEqual(['purple', '220'])
  expect(firstChoice([sku('red', '300', 0)])).toEqual(['red', '300'])
  expect(firstChoice([])).toEqual([])
})

test('there is no SKU until every option is chosen', () => {
  expect(skuOf(skus, ['red', undefined])).toBeUndefined()
  expect(skuOf(skus, ['red', '160'])?.sku_id).toBe('red 160')
  expect(skuOf(skus, ['purple', '300'])).toBeUndefined()
})

test('a combination that does not exist leads to the nearest one that does', () => {
  expect(nearest(skus, 1, '300', ['purple', '220'])).toEqual(['red', '300'])
  expect(nearest(skus, 0, 'red', ['purple', '220'])).toEqual(['red', '160'])
})
