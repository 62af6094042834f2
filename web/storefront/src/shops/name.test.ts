import { expect, test } from 'vitest'
import { descriptionOf, nameOf } from './name'

test('a shop has its English name where it has one', () => {
  expect(nameOf({ name: '丁山壶舍', name_en: 'Dingshan Teapots' }, 'en')).toBe('Dingshan Teapots')
  expect(nameOf({ name: '丁山壶舍', name_en: 'Dingshan Teapots' }, 'zh-CN')).toBe('丁山壶舍')
  expect(nameOf({ name: '丁山壶舍', name_en: '' }, 'en')).toBe('丁山壶舍')
})

test('a description in the other language is better than none', () => {
  expect(descriptionOf({ description: { zh: '四个人', en: '' } }, 'en')).toBe('四个人')
  expect(descriptionOf({ description: { zh: '四个人', en: 'Four people' } }, 'en')).toBe('Four people')
  expect(descriptionOf({ description: { zh: '', en: '' } }, 'zh-CN')).toBe('')
})
