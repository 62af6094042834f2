/** Where a message leads. */

import type { Message } from '@jishi/client'

const SECURITY = new Set<Message['template']>(['session_ended', 'password_changed'])

/** The page about what the message says; none for a message that says all itself. */
export function placeOf({ template, parameters }: Pick<Message, 'template' | 'parameters'>): string | undefined {
  const orderId = (parameters as Record<string, unknown>).order_id
  if (typeof orderId === 'string' && orderId) return `/orders/${orderId}${template === 'refund_arrived' ? '#refunds' : ''}`
  return SECURITY.has(template) ? '/me/sessions' : undefined
}

/** The text without its salutation: the page is the reader's own. */
export function textOf({ text }: Pick<Message, 'text'>): string {
  const [first = '', ...rest] = text.trim().split(/\n\s*\n/)
  return /[，,]\s*(您好)?[！!]?$/.test(first) && rest.length ? rest.join('\n\n') : text.trim()
}
