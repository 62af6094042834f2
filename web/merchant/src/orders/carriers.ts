/** The companies that deliver parcels, with their names in the page's language. */

import { listCarriers } from '@jishi/client'
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

export function useCarriers() {
  const { locale } = useI18n()
  const found = useQuery({ queryKey: ['carriers'], queryFn: async () => (await listCarriers()).data, staleTime: Infinity })
  const carriers = computed(() =>
    (found.data.value?.items ?? []).map(({ name, names }) => ({ name, title: locale.value === 'en' ? names.en : names.zh })),
  )
  return { carriers, nameOf: (name: string) => carriers.value.find((each) => each.name === name)?.title ?? name }
}
