/** The languages of the pages, and which of them a page is shown in. */

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/**
 * The language of this visit: the address's `lang`, else the visitor's choice (cookie), else the one of the served page,
 * which the server chose by the browser's languages.
 */
export function languageOf(search: string, cookie: string, preferred: readonly string[]): Language {
  const asked = new URLSearchParams(search).get('lang')
  const chosen = /(?:^|;\s*)lang=([\w-]+)/.exec(cookie)?.[1]
  for (const wanted of [asked, chosen, ...preferred]) {
    const known = LANGUAGES.find((one) => wanted?.toLowerCase().split('-')[0] === one.split('-')[0])
    if (known) return known
  }
  return 'zh-CN'
}
