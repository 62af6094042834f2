import { expect, test } from 'vitest'
import table from './divisions.tsv?raw'
import { Divisions, isGroup, nameOf } from './divisions'

const divisions = new Divisions(table)
const names = (code: string) => divisions.below(code).map((each) => each.name)

test('the list leads from a province to its districts', () => {
  expect(divisions.provinces()).toHaveLength(34)
  expect(names('330000')).toContain('杭州市')
  expect(names('330100')).toContain('西湖区')
  expect(names('330106')).toEqual([])
})

test('a code says where it is', () => {
  expect(divisions.path('330106').map((each) => each?.name)).toEqual(['浙江省', '杭州市', '西湖区'])
  expect(divisions.path('330100').map((each) => each?.name)).toEqual(['浙江省', '杭州市', undefined])
})

test('a group of counties is no city', () => {
  expect(divisions.below('500000').filter(isGroup).map((each) => each.name)).toEqual(['县'])
})

test('a name has its pinyin for readers of English', () => {
  const [province] = divisions.path('330000')
  expect(province && nameOf(province, 'en')).toBe('Zhejiangsheng 浙江省')
  expect(province && nameOf(province, 'zh-CN')).toBe('浙江省')
})
