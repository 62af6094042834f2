/** Calls of the API from the pages: on the same origin, in the visitor's language, with the session's access token. */

import { client } from './generated/client.gen'
import type { Session } from './session'

export function callsWith(session: Session, language: string): void {
  client.setConfig({
    baseUrl: '',
    headers: { 'Accept-Language': language },
    auth: () => session.current(),
    fetch: session.fetch,
  })
}

/** Headers of a request that creates something: the same key when it is repeated, so that it is done once. */
export function newKey(): string {
  return crypto.randomUUID()
}
