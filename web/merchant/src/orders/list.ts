/** The list of orders: what the address asks for, the views, and the neighbours of the open order. */

import { listShopOrders, type Order } from '@jishi/client'
import { useAddress, useRows, type View } from '@jishi/kit/desk'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { useCounts } from '../shop/counts'
import { useShop } from '../shop/shop'
import { askedBy, type Filters, viewOf, withWords } from './filters'
import { isSame, useSavedViews } from './saved'
import { VIEWS } from './states'

const EVERY = 30_000
const PAGE = 50

export function useOrderList() {
  const { t } = useI18n()
  const route = useRoute()
  const router = useRouter()
  const { shopId } = useShop()
  const counts = useCounts()
  const asked = useAddress('view')
  const text = useAddress('q')
  const days = useAddress('days')
  const filters = computed<Filters>(() => ({ view: asked.value || 'to_accept', q: text.value, days: days.value }))
  const view = computed(() => viewOf(filters.value))
  const list = useRows<Order>({
    key: computed(() => ['shop', shopId.value, 'orders', filters.value.days, text.value.length > 5 ? text.value : '', view.value]),
    read: async (cursor) => (await listShopOrders({ query: { shop_id: shopId.value, ...askedBy(filters.value), limit: PAGE, cursor } })).data,
    every: EVERY,
  })
  const rows = computed(() => list.rows.value && withWords(list.rows.value, text.value))

  const { saved, save, remove } = useSavedViews(shopId)
  const current = computed(() => saved.value.find((each) => isSame(each, filters.value)))
  const queryOf = ({ view: name, q, days: span }: Filters) => ({ view: name, ...(q ? { q } : {}), ...(span ? { days: span } : {}) })
  const countOf = (name: string) => ({ to_accept: counts.data.value?.to_accept, to_ship: counts.data.value?.to_ship })[name]?.count
  const views = computed<View[]>(() => [
    ...Object.keys(VIEWS).map((name) => ({ to: { name: 'orders', query: { view: name } }, label: t(`orders.view.${name}`), isCurrent: !current.value && name === view.value, count: countOf(name) })),
    ...saved.value.map((each, at) => ({ to: { name: 'orders', query: queryOf(each) }, label: each.name, isCurrent: each === current.value, isApart: at === 0 })),
  ])

  const openId = computed(() => (typeof route.params.orderId === 'string' ? route.params.orderId : ''))
  function neighbour(step: number): string | undefined {
    const at = (rows.value ?? []).findIndex((order) => order.order_id === openId.value)
    return at < 0 ? undefined : rows.value?.[at + step]?.order_id
  }
  return {
    ...list,
    rows,
    view,
    views,
    text,
    days,
    current,
    openId,
    neighbour,
    save: (name: string) => save({ name, ...filters.value }),
    remove: (each: NonNullable<typeof current.value>) => {
      remove(each)
      void router.replace({ name: 'orders', query: { view: each.view } })
    },
  }
}
