/** Imports of the shop that were begun in this browser. */

import { getImport, importProducts, newKey } from '@jishi/client'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { useLocalStorage } from '@vueuse/core'
import { computed, type Ref } from 'vue'
import { useShop } from '../shop/shop'

export const LARGEST = 4 * 1024 * 1024
const KEPT = 20
const EVERY = 1000

interface Begun {
  id: string
  shop: string
}

const begun = useLocalStorage<Begun[]>('imports', [])

export function useImports() {
  const { shopId } = useShop()
  const queries = useQueryClient()

  /** Sends a file; the key is that of its choice, so that it is imported once. */
  async function begin(file: File, key: string): Promise<string> {
    const body = await file.text()
    const { data } = await importProducts({ body, query: { shop: shopId.value, filename: file.name }, headers: { 'Idempotency-Key': key } })
    queries.setQueryData(['import', data.import_id], data)
    begun.value = [{ id: data.import_id, shop: shopId.value }, ...begun.value.filter(({ id }) => id !== data.import_id)].slice(0, KEPT)
    return data.import_id
  }

  return { ids: computed(() => begun.value.filter(({ shop }) => shop === shopId.value).map(({ id }) => id)), begin, newKey }
}

/** An import, followed until it is over. */
export function useImport(importId: Ref<string>) {
  const queries = useQueryClient()
  return useQuery({
    queryKey: computed(() => ['import', importId.value]),
    enabled: computed(() => importId.value !== ''),
    queryFn: async () => {
      const { data } = await getImport({ path: { import_id: importId.value } })
      if (data.state === 'done') void queries.invalidateQueries({ queryKey: ['shop'] })
      return data
    },
    refetchInterval: ({ state }) => (state.data && ['waiting', 'running'].includes(state.data.state) ? EVERY : false),
  })
}
