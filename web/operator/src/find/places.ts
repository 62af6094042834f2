/** The places of the desk, in the order of its navigation. */

import type { Place } from '@jishi/kit/desk'
import { Activity, BookOpenText, CircleHelp, CreditCard, GitBranch, MailWarning, ScrollText, Settings, Store, Users } from '@lucide/vue'
import { computed, type ComputedRef } from 'vue'

export const PLACES: Place[] = [
  { to: 'overview', word: 'places.overview', icon: Activity },
  { to: 'sagas', word: 'places.sagas', icon: GitBranch },
  { to: 'letters', word: 'places.letters', icon: MailWarning },
  { to: 'payments', word: 'places.payments', icon: CreditCard },
  { to: 'ledger', word: 'places.ledger', icon: BookOpenText },
  { to: 'shops', word: 'places.shops', icon: Store },
  { to: 'people', word: 'places.people', icon: Users },
  { to: 'switches', word: 'places.switches', icon: Settings },
  { to: 'log', word: 'places.log', icon: ScrollText },
  { to: 'help', word: 'places.help', icon: CircleHelp },
]

/** The places with what waits at each. */
export function usePlaces(): ComputedRef<Place[]> {
  return computed(() => PLACES)
}
