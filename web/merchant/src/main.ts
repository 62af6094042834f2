/** The merchant's desk, at `/merchant`. */

import { startApp } from '@jishi/kit'
import { beginAccount, deskWords } from '@jishi/kit/desk'
import '@jishi/kit/desk.css'
import App from './App.vue'
import { routes } from './routes'
import './styles/index.css'

const words = { ...import.meta.glob('./words/*/*.json'), ...deskWords }
void startApp({ root: App, routes, words, always: ['desk'], base: '/merchant/', begin: beginAccount })
