/** The words of the operator log. Actions that are not known are shown as they are. */

import { useI18n } from 'vue-i18n'
import type { Subject } from './entries'

/** The actions that can be chosen as a filter: those that change something. */
export const ACTIONS = [
  'dead_letter.retry', 'dead_letter.retry_edited', 'dead_letter.retry_all', 'dead_letter.archive', 'dead_letter.archive_all', 'saga.resume', 'saga.skip', 'saga.cancel', 'refund.retry', 'refund.propose_settlement', 'refund.settle',
  'unidentified.assign', 'unidentified.propose_return', 'unidentified.return', 'carrier_report.decide', 'switch.turn_off', 'switch.turn_on', 'shop.open', 'shop.invite', 'shop.revoke_invitation',
  'shop.suspend', 'shop.restore', 'account.reveal', 'account.erase', 'account.appoint', 'audit.request_repair', 'message.resend', 'saga.wake',
]

export function useLogWords() {
  const { t, te } = useI18n()
  const known = (key: string, fallback: string) => (te(key) ? t(key) : fallback)
  return {
    action: (name: string) => known(`log.actions.${name.replaceAll('.', '_')}`, name),
    subject: ({ kind, id }: Subject) => (kind ? `${known(`log.kinds.${kind.replaceAll(' ', '_')}`, kind)} ${id}` : id),
  }
}
