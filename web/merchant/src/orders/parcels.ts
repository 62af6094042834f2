/** Which pieces of an order are still to be sent. */

import type { OrderDetails } from '@jishi/client'

export interface Unsent {
  line_id: string
  title: string
  options: string
  image: string | null
  left: number
}

/** The lines with pieces that are neither in a parcel nor refunded. */
export function unsentOf(order: Pick<OrderDetails, 'lines' | 'parcels'>): Unsent[] {
  return order.lines
    .map(({ line_id, title, options, image, refundable_quantity }) => {
      const left = Math.max(0, refundable_quantity - sentOf(order, line_id))
      return { line_id, title, options, image, left }
    })
    .filter((line) => line.left > 0)
}

/** The chosen quantities as the API takes them; undefined means all that is left, in one parcel. */
export function piecesOf(unsent: Unsent[], chosen: Record<string, number>): { line_id: string; quantity: number }[] | undefined {
  const pieces = unsent.map(({ line_id, left }) => ({ line_id, quantity: Math.min(chosen[line_id] ?? left, left) }))
  if (pieces.every(({ quantity }, at) => quantity === unsent[at]?.left)) return undefined
  return pieces.filter(({ quantity }) => quantity > 0)
}

function sentOf(order: Pick<OrderDetails, 'parcels'>, lineId: string): number {
  const lines = order.parcels.flatMap((parcel) => parcel.lines)
  return lines.filter((line) => line.line_id === lineId).reduce((sum, line) => sum + line.quantity, 0)
}
