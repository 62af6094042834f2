/** Calls of the API from these pages: on the same origin, in the visitor's language. */

import { client } from '@jishi/client'
import type { Language } from '@jishi/kit'

export function callsIn(language: Language): void {
  client.setConfig({ baseUrl: '', headers: { 'Accept-Language': language } })
}
