/** What a tab keeps so that a reload loses nothing: half an address, choices at the checkout, an unanswered order. */

const NAMES = /^(checkout(_intent)?$|address_)/

/** Forgets all of it, for whoever sits down at this screen next. */
export function forgetKept(storage: Pick<Storage, 'length' | 'key' | 'removeItem'>): void {
  const names = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '')
  names.filter((name) => NAMES.test(name)).forEach((name) => storage.removeItem(name))
}
