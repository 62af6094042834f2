"""The operators' actions on unidentified money: assign or return it. Each is recorded in the operator log."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from payments.providers.front import PaymentState, ProviderPayment, id_of
from payments.refunding import front as refunding
from payments.refunding.front import ManualSettlement, Refund, RefundState
from payments.taking.model import postings
from payments.taking.model.payment import Payment, PaymentNotFound, State
from payments.taking.model.unidentified import (
    AssignmentMismatched,
    Kind,
    Reason,
    Unidentified,
    UnidentifiedMoneyNotFound,
    UnidentifiedMoneyResolved,
)
from payments.taking.model.unidentified import State as Standing
from payments.taking.use_cases import capturing
from payments.work import Work
from shared.auth import Caller
from shared.contracts.payments import views as answers
from shared.contracts.payments.requests import AssignUnidentified, ConfirmUnidentified, ReturnUnidentified
from shared.operating import log


def assign(work: Work, caller: Caller, requested: AssignUnidentified) -> None:
    """Assign unidentified money: to payable refunds, to a payment, or to the receipt that it sent back.

    Raises UnidentifiedMoneyNotFound, UnidentifiedMoneyResolved, AssignmentMismatched, and what locking the
    target raises.
    """
    if requested.refund_ids:
        found = _to_refunds(work, requested)
    elif requested.payment_id:
        found = _to_payment(work, requested.unidentified_id, requested.payment_id)
    elif requested.receipt_id:
        found = _to_receipt(work, requested.unidentified_id, requested.receipt_id)
    else:
        raise AssignmentMismatched
    single = {"payment": requested.payment_id, "receipt": requested.receipt_id}
    target = {name: str(one_id) for name, one_id in single.items() if one_id}
    target |= {
        "refunds": " ".join(map(str, requested.refund_ids)),
        "together": " ".join(map(str, requested.together)),
    }
    _note(
        work,
        caller,
        "unidentified.assign",
        found,
        requested.note,
        to={name: ids for name, ids in target.items() if ids},
    )


def send_back(work: Work, caller: Caller, requested: ReturnUnidentified) -> None:
    """Record that a receipt was sent back by hand, or that a refund was recovered or is written off.

    Above an amount another operator has to confirm it first. Raises UnidentifiedMoneyNotFound,
    UnidentifiedMoneyResolved, AssignmentMismatched, RefundReported, ProofUsed.
    """
    found = _open(work, requested.unidentified_id)
    if requested.paid_from is answers.PaidFrom.WRITTEN_OFF and found.kind is not Kind.REFUND:
        raise AssignmentMismatched
    proposed = refunding.propose(work, caller, found.unidentified_id, found.amount, requested)
    details = {"proof": requested.proof, "paid_from": requested.paid_from}
    _note(work, caller, "unidentified.propose_return", found, requested.note, **details)
    if proposed.one_operator_suffices(refunding.single_operator_limit()):
        _returned(work, caller, found, proposed, requested.note)


def confirm(work: Work, caller: Caller, requested: ConfirmUnidentified) -> None:
    """Confirm a return as another operator, who names the proof.

    Raises NotProposed, ProposalChanged, NeedsAnother, and what `send_back` raises.
    """
    found = _open(work, requested.unidentified_id)
    proposed = refunding.proposal(work, found.unidentified_id, requested)
    _returned(work, caller, found, proposed, requested.note)


def _to_refunds(work: Work, requested: AssignUnidentified) -> Unidentified:
    """Assign refunds made by hand at the provider to payable refunds whose sum they are."""
    payable = _payable_together(work, requested.refund_ids)
    parts = [_open(work, each) for each in sorted({requested.unidentified_id, *requested.together})]
    made = {(part.kind, part.provider, part.out_trade_no, part.amount.currency) for part in parts}
    ours = {(Kind.REFUND, p.provider, refunding.paid_under(work, p, r), r.amount.currency) for p, r in payable}
    if made != ours or sum(part.amount.amount for part in parts) != sum(each.amount.amount for _, each in payable):
        raise AssignmentMismatched
    for part in parts:
        _resolve(work, part, Standing.ASSIGNED)
    for payment, refund in payable:
        posting = refunding.refund_assigned(refund, payment.provider)
        refunding.complete(work, payment, refund, RefundState.SETTLED_BY_HAND, posting)
    return next(part for part in parts if part.unidentified_id == requested.unidentified_id)


def _payable_together(work: Work, refund_ids: Iterable[UUID]) -> list[tuple[Payment, Refund]]:
    """Refunds of one payment, locked. Raises AssignmentMismatched, and what `locked_to_settle` raises."""
    ids = sorted(set(refund_ids))
    known = {refund.payment_id for refund in map(work.refunds.find, ids) if refund}
    if len(known) > 1:
        raise AssignmentMismatched
    return [refunding.locked_to_settle(work, each)[:2] for each in ids]


def _to_payment(work: Work, unidentified_id: UUID, payment_id: UUID) -> Unidentified:
    """Assign a receipt to a payment whose number was lost here; it is kept or returned like any capture."""
    payment = work.payments.lock(payment_id)
    if payment is None:
        raise PaymentNotFound
    found = _open(work, unidentified_id)
    attempt_id = id_of(found.number)
    if found.why is not Reason.ORDER_NOT_FOUND or attempt_id is None or payment.provider != found.provider:
        raise AssignmentMismatched
    if not work.payments.add_attempt(payment, attempt_id):  # the number is known: it was paid in another app
        raise AssignmentMismatched
    if payment.state is State.OPEN:
        payment.attempt_id = attempt_id
    _resolve(work, found, Standing.ASSIGNED)
    work.ledger.post(postings.assigned(found))
    capturing.receive(work, payment, attempt_id, _as_reported(found))
    return found


def _to_receipt(work: Work, unidentified_id: UUID, receipt_id: UUID) -> Unidentified:
    """Assign a refund made by hand to the unidentified receipt that it sent back."""
    first, second = sorted((unidentified_id, receipt_id))
    both = {each: _open(work, each) for each in (first, second)}
    found, receipt = both[unidentified_id], both[receipt_id]
    kinds = (found.kind, receipt.kind) == (Kind.REFUND, Kind.RECEIPT)
    paid, sent = (receipt.provider, receipt.amount, receipt.number), (found.provider, found.amount)
    if not kinds or (*sent, found.out_trade_no) != paid:
        raise AssignmentMismatched
    _resolve(work, found, Standing.ASSIGNED)
    _resolve(work, receipt, Standing.RETURNED)
    work.ledger.post(postings.receipt_matched(receipt))
    return found


def _as_reported(found: Unidentified) -> ProviderPayment:
    return ProviderPayment(
        out_trade_no=found.number,
        state=PaymentState.PAID,
        amount=found.amount,
        payer_total=found.payer_total,
        transaction_id=found.provider_number,
        paid_at=found.happened_at,
    )


def _returned(work: Work, caller: Caller, found: Unidentified, proposed: ManualSettlement, note: str) -> None:
    refunding.confirm_proposal(work, caller, proposed, refunding.single_operator_limit())
    _resolve(work, found, Standing.RETURNED)
    work.ledger.post(postings.sent_back(found, proposed.account(found.provider)))
    _note(work, caller, "unidentified.return", found, note, proof=proposed.proof, paid_from=proposed.paid_from)


def _open(work: Work, unidentified_id: UUID) -> Unidentified:
    found = work.unidentified.lock(unidentified_id)
    if found is None:
        raise UnidentifiedMoneyNotFound
    if found.state is not Standing.OPEN:
        raise UnidentifiedMoneyResolved(state=str(found.state))
    return found


def _resolve(work: Work, found: Unidentified, to: Standing) -> None:
    found.resolve(to, work.now)
    work.unidentified.save(found)


def _note(work: Work, caller: Caller, action: str, found: Unidentified, note: str, **after: Any) -> None:
    about, details = f"unidentified {found.unidentified_id}", {"amount": found.amount.amount, **after}
    log.note(work, actor=str(caller.account), action=action, about=about, note=note, after=details)
