/**
 * The words of an app: one folder for each area, one file for each language (`words/<area>/<language>.json`).
 * An area is loaded before the first page that names it in its route (`meta.words`).
 */

import { createI18n } from 'vue-i18n'
import type { Router } from 'vue-router'
import type { Language } from './language'

type Texts = Record<string, unknown>
/** Loaders by path, as `import.meta.glob('./words/*\/*.json')` makes them. */
export type WordFiles = Record<string, () => Promise<unknown>>

export const FRAME = 'frame'

declare module 'vue-router' {
  interface RouteMeta {
    /** Areas of words that the page needs, beside `frame`. */
    words?: string[]
  }
}

export class Words {
  readonly i18n
  private readonly loaded = new Map<string, Promise<void>>()

  constructor(
    private readonly language: Language,
    private readonly files: WordFiles,
  ) {
    this.i18n = createI18n({ legacy: false, locale: language, messages: { [language]: {} } })
  }

  /** Have an area's words, loaded once. */
  async load(area: string): Promise<void> {
    const loading = this.loaded.get(area) ?? this.read(area)
    this.loaded.set(area, loading)
    await loading.catch((failure: unknown) => {
      this.loaded.delete(area)
      throw failure
    })
  }

  /** Load the areas that a route names before it is shown. */
  guard(router: Router): void {
    router.beforeResolve(async (to) => {
      await Promise.all(to.matched.flatMap((each) => each.meta.words ?? []).map((area) => this.load(area)))
    })
  }

  private async read(area: string): Promise<void> {
    const file = Object.entries(this.files).find(([path]) => path.endsWith(`/words/${area}/${this.language}.json`))?.[1]
    if (!file) throw new Error(`no words of ${area}`)
    const { default: texts } = (await file()) as { default: Texts }
    this.i18n.global.mergeLocaleMessage(this.language, texts)
  }
}
