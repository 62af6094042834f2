"""Views of refunds and settlements by hand."""

from collections.abc import Sequence

from payments.refunding.model.refunds import Attempt, Refund, StallReason
from payments.refunding.model.settlements import ManualSettlement
from shared.contracts.payments import views


def payment_refund(shown: Refund) -> views.PaymentRefund:
    """A refund as part of its payment."""
    return views.PaymentRefund(
        refund_id=shown.refund_id,
        order_id=shown.order_id,
        amount=shown.amount,
        tender=views.Tender(shown.tender),
        state=views.RefundState(shown.state),
        reason=shown.reason,
        failure=shown.failure,
        requested_at=shown.requested_at,
        lines=shown.lines,
    )


def returned_money(shown: Refund) -> views.ReturnedMoney:
    """A refund of money that did not pay its checkout, for its payer."""
    return views.ReturnedMoney(
        refund_id=shown.refund_id,
        amount=shown.amount,
        state=views.RefundState(shown.state),
        requested_at=shown.requested_at,
    )


def refund(
    shown: Refund, why: StallReason | None, attempts: Sequence[Attempt], settlement: ManualSettlement | None
) -> views.RefundProgress:
    """A refund with its attempts, and why it is stalled."""
    return views.RefundProgress(
        refund_id=shown.refund_id,
        payment_id=shown.payment_id,
        order_id=shown.order_id,
        amount=shown.amount,
        state=views.RefundState(shown.state),
        requested_at=shown.requested_at,
        why=views.StallReason(why) if why else None,
        attempts=tuple(map(_attempt, attempts)),
        settlement=manual_settlement(settlement) if settlement else None,
    )


def manual_settlement(shown: ManualSettlement) -> views.ManualSettlement:
    """A settlement by hand."""
    return views.ManualSettlement(
        paid_from=views.PaidFrom(shown.paid_from),
        proof=shown.proof,
        note=shown.note,
        proposed_by=shown.proposed_by,
        proposed_at=shown.proposed_at,
        confirmed_by=shown.confirmed_by,
        confirmed_at=shown.confirmed_at,
    )


def _attempt(shown: Attempt) -> views.RefundAttempt:
    return views.RefundAttempt(
        attempt_id=shown.attempt_id,
        position=shown.position,
        state=views.AttemptState(shown.state),
        result=views.AttemptResult(shown.result) if shown.result else None,
        stalled_since=shown.stalled_since,
        unanswered_since=shown.unanswered_since,
        requested_at=shown.requested_at,
    )
