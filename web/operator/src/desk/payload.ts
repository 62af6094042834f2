/** A document as text in pieces, so that names and masked values can be told apart. */

export interface Piece {
  kind: 'name' | 'masked' | 'text'
  text: string
}

/** What the API writes in place of personal data. */
export const MASKED = '•••'

const PARTS = /("(?:[^"\\]|\\.)*"\s*:)|("•••")/g

export function piecesOf(document: unknown): Piece[] {
  const text = typeof document === 'string' ? document : JSON.stringify(document, null, 2)
  const pieces: Piece[] = []
  let from = 0
  for (const found of (text ?? '').matchAll(PARTS)) {
    if (found.index > from) pieces.push({ kind: 'text', text: text.slice(from, found.index) })
    pieces.push({ kind: found[1] ? 'name' : 'masked', text: found[0] })
    from = found.index + found[0].length
  }
  if (from < (text ?? '').length) pieces.push({ kind: 'text', text: text.slice(from) })
  return pieces
}
