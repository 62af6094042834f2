/** How an import stands, told apart by whether rows were left out. */

import type { Import } from '@jishi/client'

export type ImportResult = Import['state'] | 'partly'

export const IMPORT_SHAPES: Record<ImportResult, 'ok' | 'wait' | 'need' | 'none'> = { waiting: 'none', running: 'wait', done: 'ok', partly: 'wait', failed: 'need' }

export function stateOf(state: Import['state'], errors: number | null | undefined): ImportResult {
  return state === 'done' && (errors ?? 0) > 0 ? 'partly' : state
}
