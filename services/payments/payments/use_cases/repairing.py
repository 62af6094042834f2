"""What the auditor found of money that is nobody's sale, and that nobody sends back."""

from uuid import UUID

from payments.domain import ledger
from payments.domain.captures import Capture
from payments.domain.payment import Payment, Standing
from payments.use_cases import refunding
from payments.work import Work
from shared.auth import Caller
from shared.errors import NotFound
from shared.repairing import repair


class UnknownCapture(NotFound):
    """There is no such capture."""

    code = "capture_unknown"


def refund_stray(work: Work, caller: Caller, capture_id: UUID) -> dict[str, bool]:
    """Send money back that was not kept, unless it is on its way. Raises UnknownCapture."""
    capture = work.captures.get(capture_id)
    if capture is None:
        raise UnknownCapture
    payment = work.payments.lock(capture.payment_id)
    assert payment

    def mend() -> bool:
        if capture.standing is not Standing.RETURNED or _is_refunded(work, payment, capture):
            return False
        if not work.books.has("stray_captured", capture_id):
            work.books.post(ledger.returned(capture_id, payment, capture.amount))
        refunding.start(work, payment, refunding.refund_of(capture, work.now))
        return True

    return repair(work, caller, "audit.refund_stray", f"capture {capture_id}", mend)


def _is_refunded(work: Work, payment: Payment, capture: Capture) -> bool:
    """Also when that failed: the provider will not send this money back, and a person has to see to it."""
    return any(refund.capture_id == capture.capture_id for refund in work.refunds.of_payment(payment.payment_id))
