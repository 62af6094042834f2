/** How fast an import goes, and how long it still takes at this rate. */

import type { Import } from '@jishi/client'

type Progress = NonNullable<Import['progress']>

export interface Pace {
  percent: number
  perMinute: number
  restMs: number
}

const ENOUGH = 3 // seconds; what was measured before says nothing about the rest

/** Null while it has not run long enough to tell. */
export function paceOf({ done, total, seconds }: Progress): Pace | null {
  if (seconds < ENOUGH || !done) return null
  const rate = done / seconds
  return { percent: Math.floor((100 * done) / total), perMinute: Math.round(rate * 60), restMs: Math.ceil((total - done) / rate) * 1000 }
}
