import { expect, test } from 'vitest'
import { htmlOf, textOf } from './prose'

test('paragraphs and lists become text and the same HTML again', () => {
  const html = '<p>钢胎搪瓷，分量轻。</p><ul><li>口径 8.5 cm</li><li>不可进微波炉</li></ul>'
  expect(textOf(html)).toBe('钢胎搪瓷，分量轻。\n\n- 口径 8.5 cm\n- 不可进微波炉')
  expect(htmlOf(textOf(html) ?? '')).toBe(html)
})

test('what text would lose is not made text', () => {
  expect(textOf('<p>A <b>bold</b> word</p>')).toBeUndefined()
  expect(textOf('<table><tr><td>1</td></tr></table>')).toBeUndefined()
  expect(textOf('words without a paragraph')).toBeUndefined()
})

test('signs of HTML are words in a text', () => {
  expect(htmlOf('a < b & c')).toBe('<p>a &lt; b &amp; c</p>')
  expect(textOf('<p>a &lt; b &amp; c</p>')).toBe('a < b & c')
})

test('an empty text is no paragraph', () => {
  expect(htmlOf(' \n\n ')).toBe('')
  expect(textOf('')).toBe('')
})
