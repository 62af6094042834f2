/** The storefront, at `/`. */

import { startApp } from '@jishi/kit'
import '@jishi/kit/styles.css'
import App from './App.vue'
import { routes } from './routes'
import { guardSignedIn } from './signed-in'
import './styles/index.css'

void startApp({ root: App, routes, words: import.meta.glob('./words/*/*.json'), guard: guardSignedIn })
