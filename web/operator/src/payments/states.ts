/** How the states of payments and refunds look. */

import type { Payment, PaymentRefund, UnidentifiedMoney } from '@jishi/client'

export const PAYMENT_SHAPES = { opening: 'wait', open: 'wait', captured: 'ok', cancelled: 'end', failed: 'undo' } as const satisfies Record<Payment['state'], string>
export const REFUND_SHAPES = { requested: 'wait', processing: 'wait', succeeded: 'ok', settled_by_hand: 'ok', failed: 'undo' } as const satisfies Record<PaymentRefund['state'], string>
export const UNIDENTIFIED_SHAPES = { open: 'need', assigned: 'ok', returned: 'end' } as const satisfies Record<UnidentifiedMoney['state'], string>
