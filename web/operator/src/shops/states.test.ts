import { expect, test } from 'vitest'
import { invitationLink, invitationState } from './states'

const invitation = { invitation_id: 'i', shop_id: 's', email: 'a@b.example', created_at: '2026-11-01T00:00:00Z', expires_at: '2026-11-08T00:00:00Z', accepted_at: null, revoked_at: null }

test('an invitation waits until it is accepted, revoked, or too old', () => {
  const now = Date.parse('2026-11-02T00:00:00Z')
  expect(invitationState(invitation, now)).toBe('waiting')
  expect(invitationState(invitation, Date.parse('2026-11-09T00:00:00Z'))).toBe('expired')
  expect(invitationState({ ...invitation, revoked_at: '2026-11-02T00:00:00Z' }, now)).toBe('revoked')
  expect(invitationState({ ...invitation, accepted_at: '2026-11-02T00:00:00Z' }, now)).toBe('accepted')
})

test('the token is in the fragment of the link', () => {
  expect(invitationLink('secret', 'https://shop.example')).toBe('https://shop.example/invitations#secret')
})
