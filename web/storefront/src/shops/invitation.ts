/** The token of an invitation to own a shop. It comes in the fragment of the link, which no server logs. */

interface Place {
  hash: string
  stored: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** Shows the address without the token. */
  clean: () => void
}

const KEY = 'invitation'

/** The token of the link, or the one that was kept while its owner signed in; it leaves the address. */
export function takeToken({ hash, stored, clean }: Place): string {
  const token = hash.slice(1)
  if (token) {
    stored.setItem(KEY, token)
    clean()
  }
  return token || (stored.getItem(KEY) ?? '')
}

export function forgetToken(stored: Place['stored']): void {
  stored.removeItem(KEY)
}
