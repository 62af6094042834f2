/** Documents that are read once and then followed by a stream. */

import type { QueryClient } from '@tanstack/vue-query'

/**
 * Show what a stream has told. An answer that was asked for before and is still on its way may be older, and nothing
 * would correct it: it is dropped.
 */
export function hear<T>(queries: QueryClient, queryKey: readonly unknown[], told: (known: T | undefined) => T): void {
  void queries.cancelQueries({ queryKey, exact: true })
  queries.setQueryData<T>(queryKey, told)
}
