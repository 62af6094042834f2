/** What a shopper does with an order: confirm its receipt, buy it again. */

import { getCart, getProduct, type OrderDetails, type Order, problemOf, putCartLine, receiveOrder } from '@jishi/client'
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { planAgain } from './again'

export function useReceive() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (orderId: string) => (await receiveOrder({ path: { order_id: orderId } })).data,
    onSuccess: (now: OrderDetails) => {
      queries.setQueryData(['order', now.order_id], now)
      void queries.invalidateQueries({ queryKey: ['orders'] })
    },
  })
}

export function useAgain() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (order: Pick<Order, 'lines'>) => {
      const ids = [...new Set(order.lines.map((line) => line.product_id))]
      const [products, cart] = await Promise.all([Promise.all(ids.map(stillSold)), getCart()])
      const plan = planAgain(order.lines, products.flatMap((one) => one ?? []), cart.data.lines)
      for (const { sku_id, quantity } of plan.put) await putCartLine({ path: { sku_id }, body: { quantity } })
      return plan
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['cart'] }),
  })
}

async function stillSold(product_id: string) {
  try {
    return (await getProduct({ path: { product_id } })).data
  } catch (failure) {
    if ([404, 410].includes(problemOf(failure).status)) return undefined
    throw failure
  }
}
