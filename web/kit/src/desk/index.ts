/** What the merchant's and the operator's desk have in common. */

export { default as DeskFrame } from './DeskFrame.vue'
export { default as DeskSignIn } from './DeskSignIn.vue'
export { default as StateMark } from './StateMark.vue'
export { default as DeskFailure } from './DeskFailure.vue'
export type { Place } from './places'
export { type Account, useAccount } from './account'
export const deskWords = import.meta.glob('../words/desk/*.json')
