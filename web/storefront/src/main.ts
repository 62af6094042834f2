/** The storefront: starts the app in the visitor's language. */

import { VueQueryPlugin } from '@tanstack/vue-query'
import { languageOf } from '@jishi/kit'
import '@jishi/kit/styles.css'
import { createApp } from 'vue'
import App from './App.vue'
import { callsIn } from './calls'
import { router } from './router'
import './styles/index.css'
import { wordsIn } from './words'

async function start(): Promise<void> {
  const language = languageOf(location.search, document.cookie, [document.documentElement.lang])
  document.documentElement.lang = language
  callsIn(language)
  createApp(App)
    .use(await wordsIn(language))
    .use(VueQueryPlugin, { queryClientConfig: { defaultOptions: { queries: { staleTime: 10_000, retry: 1 } } } })
    .use(router)
    .mount('#app')
}

void start()
