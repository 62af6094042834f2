/** The states of shops and their invitations. */

import type { Invitation, InvitedShop } from '@jishi/client'

export const SHOP_SHAPES = { invited: 'wait', approved: 'ok', suspended: 'need' } as const satisfies Record<InvitedShop['state'], string>

/** What became of an invitation. */
export function invitationState(of: Invitation, now = Date.now()): 'accepted' | 'revoked' | 'expired' | 'waiting' {
  if (of.accepted_at) return 'accepted'
  if (of.revoked_at) return 'revoked'
  return new Date(of.expires_at).getTime() < now ? 'expired' : 'waiting'
}

/** The address at which the owner accepts. The token is in its fragment, which no server logs. */
export function invitationLink(token: string, origin = location.origin): string {
  return `${origin}/invitations#${token}`
}
