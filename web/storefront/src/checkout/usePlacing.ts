/** Sending an order, once: whatever is pressed, reloaded or repeated, and whatever the network does. */

import { type CheckOut, checkOut, newKey, type Problem, problemOf } from '@jishi/client'
import { useQueryClient } from '@tanstack/vue-query'
import { onMounted, onUnmounted, type Ref, ref } from 'vue'
import { useRouter } from 'vue-router'
import { tellOthers } from '../cart/useCart'
import { Intents, isUnanswered } from './intent'

interface Placed {
  basket: string
  checkoutId: string
}

const channel = new BroadcastChannel('jishi-checkout')
const intents = new Intents(sessionStorage, Date.now, newKey)

export function usePlacing(kind: Ref<string>, basket: Ref<string>, placed: () => void) {
  const router = useRouter()
  const client = useQueryClient()
  const isBusy = ref(false)
  const failure = ref<Problem | null>(null)
  /** The order that another tab has placed for the same basket. */
  const elsewhere = ref('')

  async function place(body: CheckOut): Promise<void> {
    if (isBusy.value) return
    isBusy.value = true
    failure.value = null
    const { key } = intents.begin(kind.value, body)
    try {
      const { data } = await checkOut({ body, headers: { 'Idempotency-Key': key } })
      await done(data.checkout_id)
    } catch (lost) {
      failure.value = problemOf(lost)
      if (!isUnanswered(failure.value.status)) intents.end()
      if (failure.value.code === 'quote_used') await done(String(failure.value.facts.checkout_id))
    }
    isBusy.value = false
  }

  /** The step is done: going back does not lead to it again. */
  async function done(checkoutId: string): Promise<void> {
    intents.end()
    placed()
    channel.postMessage({ basket: basket.value, checkoutId } satisfies Placed)
    tellOthers()
    await router.replace({ name: 'pay', params: { checkoutId } })
    void client.invalidateQueries({ queryKey: ['cart'] })
  }

  /** An order that was not answered before the page was left. */
  const unanswered = ref(intents.pending(kind.value))
  async function resume(): Promise<void> {
    const pending = unanswered.value
    unanswered.value = undefined
    if (pending) await place(pending.body)
  }
  // Who reloads the page wants to know what has become of the order; who comes back later is asked.
  if (isReload()) void resume()

  const heard = ({ data }: MessageEvent<Placed>) => {
    if (data.basket === basket.value && !isBusy.value) elsewhere.value = data.checkoutId
  }
  onMounted(() => channel.addEventListener('message', heard))
  onUnmounted(() => channel.removeEventListener('message', heard))
  return { isBusy, failure, elsewhere, unanswered, place, resume }
}

let isFirst = true

/** Whether this is the first page after a reload. */
function isReload(): boolean {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  const was = isFirst && entry?.type === 'reload'
  isFirst = false
  return was
}
