/** The present time for ages on a page, followed once in ten seconds, by one timer for all of them. */

import { createSharedComposable, useIntervalFn, useNow } from '@vueuse/core'

export const useClock = createSharedComposable(() => useNow({ scheduler: (tick) => useIntervalFn(tick, 10_000) }))
