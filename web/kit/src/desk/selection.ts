/** Chosen rows of a table, by their keys. */

import { computed, ref } from 'vue'

export function useSelection() {
  const keys = ref<ReadonlySet<string>>(new Set())
  const set = (changed: Iterable<string>) => (keys.value = new Set(changed))
  return {
    keys,
    count: computed(() => keys.value.size),
    has: (key: string) => keys.value.has(key),
    toggle: (key: string) => set(keys.value.has(key) ? [...keys.value].filter((each) => each !== key) : [...keys.value, key]),
    set,
    clear: () => set([]),
  }
}

export type Selection = ReturnType<typeof useSelection>
