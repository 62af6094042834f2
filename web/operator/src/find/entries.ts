/** What the palette offers: the places, and whatever the typed number may name. */

import type { Entry } from '@jishi/kit/desk'
import { CreditCard, GitBranch, Package } from '@lucide/vue'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { type RouteLocationRaw, useRouter } from 'vue-router'
import { kindOf } from './numbers'
import { PLACES } from './places'

export function usePalette() {
  const { t } = useI18n()
  const router = useRouter()
  const to = (place: RouteLocationRaw) => () => void router.push(place)
  const places = computed(() => PLACES.map((place): Entry => ({ group: t('frame.places'), label: t(place.word), icon: place.icon, go: to({ name: place.to }) })))

  /** An order by its number; an id may be that of a saga's business object, a saga or a payment; all else is a provider's number. */
  function find(text: string): Entry[] {
    const group = t('frame.found.group')
    const payments: Entry = { group, label: t('frame.found.payments', { text }), icon: CreditCard, go: to({ name: 'payments', query: { q: text } }) }
    const kind = kindOf(text)
    if (kind === 'number') return [{ group, label: t('frame.found.order', { text }), icon: Package, go: to({ name: 'order', params: { number: text } }) }, payments]
    if (kind === 'id')
      return [
        { group, label: t('frame.found.sagas', { text }), icon: GitBranch, go: to({ name: 'sagas', query: { key: text } }) },
        { group, label: t('frame.found.saga', { text }), icon: GitBranch, go: to({ name: 'saga', params: { service: 'orders', id: text } }) },
        { group, label: t('frame.found.payment', { text }), icon: CreditCard, go: to({ name: 'payment', params: { id: text } }) },
      ]
    return kind === 'reference' ? [payments] : []
  }
  return { places, find }
}
