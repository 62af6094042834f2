/** A change of a stock level as people think of it: goods come in, goods are gone, or they were counted. */

export const WAYS = ['add', 'remove', 'count'] as const
export type Way = (typeof WAYS)[number]

/** The usual cause of each. */
export const CAUSES = ['delivery', 'returned', 'damaged', 'lost', 'stocktaking', 'other'] as const
export type Cause = (typeof CAUSES)[number]
export const USUAL: Record<Way, Cause> = { add: 'delivery', remove: 'damaged', count: 'stocktaking' }

interface Level {
  on_hand: number
  reserved: number
}

/** The units to add or remove; undefined if it changes nothing or would leave fewer units than are reserved. */
export function changeFor(way: Way, pieces: number, { on_hand, reserved }: Level): number | undefined {
  if (!Number.isInteger(pieces) || pieces < 0) return undefined
  const change = { add: pieces, remove: -pieces, count: pieces - on_hand }[way]
  return change === 0 || on_hand + change < reserved ? undefined : change
}
