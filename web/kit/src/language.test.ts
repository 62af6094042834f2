import { expect, test } from 'vitest'
import { languageOf } from './language'

test('the address comes before the choice, and the choice before the browser', () => {
  expect(languageOf('?lang=en', 'lang=zh-CN', ['zh-CN'])).toBe('en')
  expect(languageOf('', 'a=b; lang=en', ['zh-CN'])).toBe('en')
  expect(languageOf('', '', ['fr', 'en-GB', 'zh'])).toBe('en')
})

test('any Chinese is simplified Chinese, and nothing known is Chinese', () => {
  expect(languageOf('', '', ['zh-TW'])).toBe('zh-CN')
  expect(languageOf('?lang=xx', 'lang=yy', ['fr'])).toBe('zh-CN')
  expect(languageOf('?lang=english', 'lang=enough', ['zh-CN'])).toBe('zh-CN')
})
