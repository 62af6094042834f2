/** Imports of the shop. */

import { getImport, importProducts, type ImportSummary, listImports } from '@jishi/client'
import { useRows } from '@jishi/kit/desk'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { useShop } from '../shop/shop'

export const LARGEST = 4 * 1024 * 1024
const PAGE = 20
const EVERY = 1000
const OFTEN = 5000

/** The shop's imports, newest first. */
export function useImports() {
  const { shopId } = useShop()
  const queries = useQueryClient()
  const list = useRows<ImportSummary>({
    key: computed(() => ['shop', shopId.value, 'imports']),
    read: async (cursor) => (await listImports({ query: { shop_id: shopId.value, limit: PAGE, cursor } })).data,
    every: OFTEN,
  })

  /** Sends a file; the key is that of its choice, so that it is imported once. */
  async function begin(file: File, key: string): Promise<string> {
    const body = await file.text()
    const { data } = await importProducts({ body, query: { shop: shopId.value, filename: file.name }, headers: { 'Idempotency-Key': key } })
    queries.setQueryData(['import', data.import_id], data)
    void queries.invalidateQueries({ queryKey: ['shop', shopId.value, 'imports'] })
    return data.import_id
  }

  return { ...list, begin }
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
