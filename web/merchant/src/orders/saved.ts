/** Views of the list that were given a name, kept in this browser for each shop. */

import { useLocalStorage } from '@vueuse/core'
import { computed, type Ref } from 'vue'
import type { Filters } from './filters'

export interface SavedView extends Filters {
  name: string
}

const MOST = 12
const all = useLocalStorage<Record<string, SavedView[]>>('order-views', {})

/** Whether both show the same. */
export function isSame(one: Filters, other: Filters): boolean {
  return one.view === other.view && one.q === other.q && one.days === other.days
}

export function useSavedViews(shopId: Ref<string>) {
  const set = (views: SavedView[]) => (all.value = { ...all.value, [shopId.value]: views.slice(0, MOST) })
  const saved = computed(() => all.value[shopId.value] ?? [])
  return {
    saved,
    /** One of the same name is replaced. */
    save: (view: SavedView) => set([...saved.value.filter(({ name }) => name !== view.name), view]),
    remove: (view: SavedView) => set(saved.value.filter(({ name }) => name !== view.name)),
  }
}
