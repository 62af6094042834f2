/** What an erasure waits for, and where it can be ended. */

import type { OpenMatter } from '@jishi/client'

export function placeOfMatter({ kind, id }: OpenMatter): string | undefined {
  const places: Partial<Record<OpenMatter['kind'], string>> = { checkout: `/pay/${id}`, order: `/orders/${id}`, refund: '/orders?tab=refunds' }
  return places[kind]
}
