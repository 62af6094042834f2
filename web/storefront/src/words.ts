/** The words of the pages, one language at a time. */

import type { Language } from '@jishi/kit'
import { createI18n, type I18n } from 'vue-i18n'

const FILES = {
  'zh-CN': () => import('./words/zh-CN.json'),
  en: () => import('./words/en.json'),
}

export async function wordsIn(language: Language): Promise<I18n> {
  const { default: words } = await FILES[language]()
  return createI18n({ legacy: false, locale: language, messages: { [language]: words } }) as unknown as I18n
}
