/** The places of the desk, in the order of its navigation. */

import type { Place } from '@jishi/kit/desk'
import { Activity, BookOpenText, CircleHelp, CreditCard, GitBranch, MailWarning, ScrollText, Settings, ShieldCheck, Store, Users } from '@lucide/vue'
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useOverview } from '../overview/use-overview'
import type { Matter } from '../overview/verdict'

export const PLACES: Place[] = [
  { to: 'overview', word: 'places.overview', icon: Activity },
  { to: 'sagas', word: 'places.sagas', icon: GitBranch },
  { to: 'letters', word: 'places.letters', icon: MailWarning },
  { to: 'auditor', word: 'places.auditor', icon: ShieldCheck },
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
  const { t } = useI18n()
  const { verdict } = useOverview()
  const count = (...kinds: Matter['kind'][]) => verdict.value?.matters.filter((matter) => kinds.includes(matter.kind)).reduce((sum, matter) => sum + matter.count, 0)
  const counts: Record<string, () => number | undefined> = { sagas: () => count('saga'), letters: () => count('letters'), auditor: () => count('finding') }
  return computed(() => PLACES.map((place) => ({ ...place, count: counts[place.to]?.(), counted: t('frame.waiting') })))
}
