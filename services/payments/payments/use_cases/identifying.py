"""What operators do about unidentified money: say what it was, or that it went back. Each act is logged."""

from typing import Any
from uuid import UUID

from payments import schemas
from payments.domain import ledger
from payments.domain.calls import id_of, number_of
from payments.domain.payment import Method, State, UnknownPayment
from payments.domain.refunds import RefundState
from payments.domain.settlements import HandSettlement, NotProposed
from payments.domain.unidentified import AlreadyResolved, DoesNotFit, Kind, Unidentified, UnknownUnidentified
from payments.domain.unidentified import State as Standing
from payments.provider import PaymentState, ProviderPayment
from payments.use_cases import capturing, completing, refund_actions
from payments.work import Work
from shared.auth import Caller
from shared.operating import log


def assign(work: Work, caller: Caller, wish: schemas.AssignUnidentified) -> None:
    """Say what unidentified money was: a refund that is owed, a payment's money, or how a receipt went back.

    Raises UnknownUnidentified, AlreadyResolved, DoesNotFit, and what the named one raises.
    """
    if wish.refund_id:
        found = _to_refund(work, wish.unidentified_id, wish.refund_id)
    elif wish.payment_id:
        found = _to_payment(work, wish.unidentified_id, wish.payment_id)
    elif wish.receipt_id:
        found = _to_receipt(work, wish.unidentified_id, wish.receipt_id)
    else:
        raise DoesNotFit
    named = {"refund": wish.refund_id, "payment": wish.payment_id, "receipt": wish.receipt_id}
    _note(work, caller, "unidentified.assign", found, wish.note, to={k: str(v) for k, v in named.items() if v})


def send_back(work: Work, caller: Caller, wish: schemas.ReturnUnidentified) -> None:
    """A receipt was sent back by hand, or a refund came back. Above an amount another operator confirms it first.

    Raises UnknownUnidentified, AlreadyResolved, ReportedAlready, ProvenAlready.
    """
    found = _open(work, wish.unidentified_id)
    proposed = refund_actions.propose(work, caller, found.unidentified_id, found.amount, wish)
    _note(
        work, caller, "unidentified.propose_return", found, wish.note, proof=wish.proof, paid_from=wish.paid_from
    )
    if proposed.counts_alone(refund_actions.alone_up_to()):
        _returned(work, caller, found, proposed, wish.note)


def confirm(work: Work, caller: Caller, wish: schemas.UnidentifiedNote) -> None:
    """Another operator saw the proof. Raises NotProposed, NeedsAnother, and what `send_back` raises."""
    found = _open(work, wish.unidentified_id)
    proposed = work.settlements.find(found.unidentified_id)
    if proposed is None:
        raise NotProposed
    _returned(work, caller, found, proposed, wish.note)


def _to_refund(work: Work, unidentified_id: UUID, refund_id: UUID) -> Unidentified:
    """It was made by hand at the provider, for a refund that is owed."""
    payment, refund, _ = refund_actions.locked_to_settle(work, refund_id)
    found = _open(work, unidentified_id)
    capture = work.captures.find(refund.capture_id) if refund.capture_id else None
    paid_under = capture.attempt_id if capture else payment.attempt_id
    ours = (Kind.REFUND, refund.amount, number_of(paid_under) if paid_under else "")
    if (found.kind, found.amount, found.out_trade_no) != ours:
        raise DoesNotFit
    _resolve(work, found, Standing.ASSIGNED)
    completing.complete(work, payment, refund, RefundState.SETTLED_BY_HAND, ledger.refund_assigned(refund))
    return found


def _to_payment(work: Work, unidentified_id: UUID, payment_id: UUID) -> Unidentified:
    """It was paid for this payment, under a number that was lost here. Kept or returned, as any other money."""
    payment = work.payments.lock(payment_id)
    if payment is None:
        raise UnknownPayment
    found = _open(work, unidentified_id)
    attempt_id = id_of(found.number)
    if found.why != "unknown_order" or attempt_id is None or payment.method is not Method.WECHAT:
        raise DoesNotFit
    if not work.payments.add_attempt(payment, attempt_id):  # no number was lost: it was paid in another app
        raise DoesNotFit
    if payment.state is State.OPEN:
        payment.attempt_id = attempt_id
    _resolve(work, found, Standing.ASSIGNED)
    work.books.post(ledger.assigned(found))
    capturing.receive(work, payment, attempt_id, _as_reported(found))
    return found


def _to_receipt(work: Work, unidentified_id: UUID, receipt_id: UUID) -> Unidentified:
    """A refund made by hand sent an unidentified receipt back."""
    first, second = sorted((unidentified_id, receipt_id))
    both = {each: _open(work, each) for each in (first, second)}
    found, receipt = both[unidentified_id], both[receipt_id]
    kinds = (found.kind, receipt.kind) == (Kind.REFUND, Kind.RECEIPT)
    if not kinds or (found.amount, found.out_trade_no) != (receipt.amount, receipt.number):
        raise DoesNotFit
    _resolve(work, found, Standing.ASSIGNED)
    _resolve(work, receipt, Standing.RETURNED)
    work.books.post(ledger.receipt_matched(receipt))
    return found


def _as_reported(found: Unidentified) -> ProviderPayment:
    return ProviderPayment(
        out_trade_no=found.number,
        state=PaymentState.PAID,
        amount=found.amount,
        transaction_id=found.provider_number,
        paid_at=found.happened_at,
    )


def _returned(work: Work, caller: Caller, found: Unidentified, proposed: HandSettlement, note: str) -> None:
    refund_actions.count(work, caller, proposed, refund_actions.alone_up_to())
    _resolve(work, found, Standing.RETURNED)
    work.books.post(ledger.sent_back(found, proposed.paid_from))
    _note(work, caller, "unidentified.return", found, note, proof=proposed.proof, paid_from=proposed.paid_from)


def _open(work: Work, unidentified_id: UUID) -> Unidentified:
    found = work.unidentified.lock(unidentified_id)
    if found is None:
        raise UnknownUnidentified
    if found.state is not Standing.OPEN:
        raise AlreadyResolved(state=str(found.state))
    return found


def _resolve(work: Work, found: Unidentified, to: Standing) -> None:
    found.resolve(to, work.now)
    work.unidentified.save(found)


def _note(work: Work, caller: Caller, action: str, found: Unidentified, note: str, **after: Any) -> None:
    about, told = f"unidentified {found.unidentified_id}", {"amount": found.amount.amount, **after}
    log.note(work, actor=str(caller.account), action=action, about=about, note=note, after=told)
