/** The API of the gateway: types and calls generated from its OpenAPI document, and what is wrong when one fails. */

export * from './generated'
/** A session as its account sees it; the name is taken by this browser's own. */
export type { Session as SignedInDevice } from './generated'
export { callsWith, newKey } from './calls'
export { client } from './generated/client.gen'
export { problemOf, type Problem } from './problem'
export { browserSession, Session } from './session'
export { follow, type Told } from './stream'
