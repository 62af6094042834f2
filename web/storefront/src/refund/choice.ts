/** Which units of an order a refund is requested for. */

import type { OrderLine, RequestRefund } from '@jishi/client'

/** Quantities by line. */
export type Chosen = Readonly<Record<string, number>>

export function piecesOf(chosen: Chosen): NonNullable<RequestRefund['lines']> {
  return Object.entries(chosen)
    .filter(([, quantity]) => quantity > 0)
    .map(([line_id, quantity]) => ({ line_id, quantity }))
}

/** Never more than is left to refund of a line, never less than none. */
export function withQuantity(chosen: Chosen, line: Pick<OrderLine, 'line_id' | 'refundable_quantity'>, quantity: number): Chosen {
  return { ...chosen, [line.line_id]: Math.min(Math.max(Math.trunc(quantity) || 0, 0), line.refundable_quantity) }
}

export function allOf(lines: readonly Pick<OrderLine, 'line_id' | 'refundable_quantity'>[]): Chosen {
  return Object.fromEntries(lines.map((line) => [line.line_id, line.refundable_quantity]))
}

export function isAll(chosen: Chosen, lines: readonly Pick<OrderLine, 'line_id' | 'refundable_quantity'>[]): boolean {
  return lines.every((line) => (chosen[line.line_id] ?? 0) === line.refundable_quantity)
}
