/** Editing a product: what was read, what is typed, saving it, and somebody else's change in between. */

import { changeProduct, createProduct, getShopProduct, newKey, problemOf, publishProduct, type ShopProduct, withdrawProduct } from '@jishi/client'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref, ref, watch } from 'vue'
import { useShop } from '../shop/shop'
import { type Side, conflictsOf, merged } from './conflict'
import { changedParts, changeOf, creationOf, type Draft, draftOf, emptyDraft, type Part } from './draft'

export function useEditor(productId: Ref<string>) {
  const { shopId } = useShop()
  const queries = useQueryClient()
  const product = ref<ShopProduct>()
  const base = ref<Draft>(emptyDraft())
  const draft = ref<Draft>(emptyDraft())
  /** What somebody else saved in the meantime, until it is decided what stays. */
  const theirs = ref<ShopProduct>()
  const key = newKey()
  const found = useQuery({
    queryKey: computed(() => ['product', productId.value]),
    enabled: computed(() => productId.value !== ''),
    queryFn: () => read(productId.value),
    refetchOnWindowFocus: false,
    gcTime: 0,
  })
  watch(productId, (now) => {
    if (now === (product.value?.product_id ?? '')) return
    product.value = undefined
    base.value = emptyDraft()
    draft.value = emptyDraft()
  })
  watch(found.data, (now) => now?.product_id === productId.value && !product.value && take(now), { immediate: true })

  function take(now: ShopProduct): void {
    product.value = now
    base.value = draftOf(now)
    draft.value = draftOf(now)
    void queries.invalidateQueries({ queryKey: ['shop', shopId.value, 'products'] })
  }

  /** A new product, as a draft of its shop. Repeated, it is created once. */
  async function create(): Promise<ShopProduct> {
    const { data } = await createProduct({ body: creationOf(draft.value, shopId.value), headers: { 'Idempotency-Key': key } })
    take(data)
    return data
  }

  async function save(): Promise<void> {
    const of = product.value
    if (!of) return
    const body = changeOf(base.value, draft.value)
    await unlessOutdated(async () => take((await changeProduct({ path: { product_id: of.product_id }, body, headers: versionOf(of) })).data))
  }

  async function move(to: 'publish' | 'withdraw'): Promise<void> {
    const of = product.value
    if (!of) return
    const call = to === 'publish' ? publishProduct : withdrawProduct
    await unlessOutdated(async () => take((await call({ path: { product_id: of.product_id }, headers: versionOf(of) })).data))
  }

  /** Does it, or shows what somebody else has saved since this was read. */
  async function unlessOutdated(task: () => Promise<void>): Promise<void> {
    try {
      await task()
    } catch (failure) {
      if (problemOf(failure).code !== 'version_outdated') throw failure
      theirs.value = await read(productId.value)
    }
  }

  /** Goes on from theirs, with what was chosen of mine. */
  function settle(chosen: Partial<Record<Part, Side>>): void {
    if (!theirs.value) return
    const now = draftOf(theirs.value)
    draft.value = merged(base.value, draft.value, now, chosen)
    product.value = theirs.value
    base.value = now
    theirs.value = undefined
  }

  return {
    product,
    draft,
    theirs,
    isFailed: computed(() => found.isError.value && !product.value),
    problem: computed(() => (found.error.value ? problemOf(found.error.value) : undefined)),
    again: () => void found.refetch(),
    changed: computed(() => changedParts(base.value, draft.value)),
    conflicts: computed(() => (theirs.value ? conflictsOf(base.value, draft.value, draftOf(theirs.value)) : [])),
    discard: () => (draft.value = JSON.parse(JSON.stringify(base.value)) as Draft),
    create,
    save,
    move,
    settle,
  }
}

const read = async (product_id: string) => (await getShopProduct({ path: { product_id } })).data
const versionOf = (product: ShopProduct) => ({ 'If-Match': `"${product.version}"` })
