/**
 * An order that was sent and not answered yet. It is kept until there is an answer, so that a reload sends it again with
 * its key, and it is placed once.
 */

import type { CheckOut } from '@jishi/client'

export interface Intent {
  key: string
  /** What it orders: the cart, or what is bought at once (`kindOf`). */
  basket: string
  body: CheckOut
  /** Milliseconds since 1970; the quote in it ends some time after that. */
  sentAt: number
}

const NAME = 'checkout_intent'
const LONGEST = 20 * 60_000

export class Intents {
  constructor(
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
    private readonly now: () => number,
    private readonly newKey: () => string,
  ) {}

  /** The unanswered order of a basket, if there is one. */
  pending(basket: string): Intent | undefined {
    const found = this.read()
    return found?.basket === basket && this.now() - found.sentAt < LONGEST ? found : undefined
  }

  /** An order that is about to be sent: the same again has the same key. */
  begin(basket: string, body: CheckOut): Intent {
    const known = this.pending(basket)
    const isSame = known && JSON.stringify(known.body) === JSON.stringify(body)
    const intent = { key: isSame ? known.key : this.newKey(), basket, body, sentAt: this.now() }
    this.storage.setItem(NAME, JSON.stringify(intent))
    return intent
  }

  /** It was answered, whatever the answer is. */
  end(): void {
    this.storage.removeItem(NAME)
  }

  private read(): Intent | undefined {
    try {
      return JSON.parse(this.storage.getItem(NAME) ?? 'null') ?? undefined
    } catch {
      return undefined
    }
  }
}

/** Whether it is unknown if the order was placed: it has to be sent again, with the same key. */
export function isUnanswered(status: number): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500
}
