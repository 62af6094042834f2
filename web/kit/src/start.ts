/** What all apps do at their start: the language, the session, the calls, the words, the addresses. */

import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { callsWith, type Session } from '@jishi/client'
import { type Component, createApp } from 'vue'
import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router'
import { fieldWords, wordFields } from './fields'
import { languageOf } from './language'
import { provideSession } from './session'
import { FRAME, type WordFiles, Words } from './words'

export interface AppParts {
  root: Component
  routes: RouteRecordRaw[]
  words: WordFiles
  /** Areas of words that every page needs, beside `frame`. */
  always?: string[]
  /** The path that the app is served under. */
  base?: string
  /** Who may see which page. */
  guard?: (router: Router, session: Session) => void
  /** Reads what every page needs of whoever is signed in, while words and page are on their way. */
  begin?: (queries: QueryClient) => Promise<void>
}

const READING = { queries: { staleTime: 10_000, retry: 1 } }

/** Starts an app in the visitor's language and shows it in `#app`. */
export async function startApp({ root, routes, words: files, always = [], base = '/', guard, begin }: AppParts): Promise<void> {
  const language = languageOf(location.search, document.cookie, [document.documentElement.lang])
  document.documentElement.lang = language
  const words = new Words(language, { ...fieldWords, ...files })
  wordFields(words)
  const router = createRouter({
    history: createWebHistory(base),
    routes,
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  })
  words.guard(router)
  const app = createApp(root)
  const session = provideSession(app)
  callsWith(session, language)
  guard?.(router, session)
  const queryClient = new QueryClient({ defaultOptions: READING })
  // a session that cannot be refreshed now is the page's to handle: its own calls fail, and say so
  const begun = session.current().then((token) => (token ? begin?.(queryClient) : undefined), () => undefined)
  app.use(words.i18n).use(VueQueryPlugin, { queryClient }).use(router)
  await Promise.all([FRAME, ...always].map((area) => words.load(area)))
  // what the server has written stays until the page is there; without it, the frame says what is the case
  await Promise.all([router.isReady().catch(() => undefined), drawn(), begin && Promise.race([begun, after(LONGEST_WAIT)])])
  app.mount('#app')
}

const LONGEST_FRAME = 100 // milliseconds; a tab in the background draws nothing
const LONGEST_WAIT = 1000 // milliseconds for what every page needs; without it the app says what is the case

/** When the browser has drawn what the server has written: pictures in it are seen before the app takes over. */
function drawn(): Promise<void> {
  return Promise.race([after(LONGEST_FRAME), new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)))])
}

const after = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
