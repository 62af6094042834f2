/** The API of the gateway: types and calls generated from its OpenAPI document, and what is wrong when one fails. */

export * from './generated'
export { callsWith, newKey } from './calls'
export { client } from './generated/client.gen'
export { problemOf, type Problem } from './problem'
export { browserSession, Session } from './session'
export { follow, type Told } from './stream'
