"""The operators' actions on stalled refunds. Each is recorded in the operator log with its reason."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from payments.ledger.front import Tender
from payments.providers.front import CallKind
from payments.refunding.model import postings
from payments.refunding.model.refunds import (
    Attempt,
    AttemptState,
    Refund,
    RefundDecided,
    RefundInProgress,
    RefundNotFound,
    RefundState,
)
from payments.refunding.model.settlements import ManualSettlement
from payments.refunding.use_cases import attempts, completing
from payments.refunding.use_cases.settlements import confirm_proposal, proposal, propose, single_operator_limit
from payments.taking.front import AssignmentMismatched, Payment
from payments.work import Work
from shared.auth import Caller
from shared.contracts.payments import views as answers
from shared.contracts.payments.requests import ConfirmRefund, RetryRefund, SettleRefund
from shared.operating import log

UNANSWERED = timedelta(days=7)  # two operators may settle a refund after so long without a response


def retry(work: Work, caller: Caller, requested: RetryRefund) -> None:
    """Call the provider at once: request the refund again, or query it if the provider has accepted it.

    If the query shows it closed, a new attempt follows. Raises RefundNotFound, RefundDecided.
    """
    payment, refund, attempt = locked(work, requested.refund_id)
    if attempt.state is not AttemptState.REQUESTED:
        work.calls.request(CallKind.QUERY_REFUND, attempt.attempt_id, payment.payment_id, at=work.now)
    elif not work.calls.is_under_way(CallKind.REFUND, attempt.attempt_id):
        attempts.call(work, payment, refund, attempt)
    _note(work, caller, "refund.retry", refund, requested.note, attempt=standing(attempt))


def settle(work: Work, caller: Caller, requested: SettleRefund) -> None:
    """Record that the money was sent another way. Above an amount, another operator has to confirm it first.

    Raises RefundNotFound, RefundDecided, RefundInProgress, RefundReported, ProofUsed, AssignmentMismatched.
    """
    if requested.paid_from is answers.PaidFrom.WRITTEN_OFF:  # what is payable cannot be written off
        raise AssignmentMismatched
    payment, refund, limit = locked_to_settle(work, requested.refund_id)
    proposed = propose(work, caller, refund.refund_id, refund.amount, requested)
    details = {"proof": requested.proof, "paid_from": requested.paid_from}
    _note(work, caller, "refund.propose_settlement", refund, requested.note, **details)
    if proposed.one_operator_suffices(limit):
        _settled(work, caller, (payment, refund, proposed), requested.note, limit)


def confirm(work: Work, caller: Caller, requested: ConfirmRefund) -> None:
    """Confirm a settlement as another operator, who names the proof.

    Raises NotProposed, ProposalChanged, NeedsAnother, and what `settle` raises.
    """
    payment, refund, limit = locked_to_settle(work, requested.refund_id)
    proposed = proposal(work, requested.refund_id, requested)
    _settled(work, caller, (payment, refund, proposed), requested.note, limit)


def locked(work: Work, refund_id: UUID) -> tuple[Payment, Refund, Attempt]:
    """A payable refund with its payment (locked) and newest attempt. Raises RefundNotFound, RefundDecided."""
    known = work.refunds.find(refund_id)
    if known is None:
        raise RefundNotFound
    payment, refund = work.payments.lock(known.payment_id), work.refunds.find(refund_id)
    assert payment
    assert refund
    if refund.decided or refund.tender is not Tender.PROVIDER:
        raise RefundDecided(state=str(refund.state))
    return payment, refund, work.refund_attempts.of_refunds(refund_id)[-1]


def locked_to_settle(work: Work, refund_id: UUID) -> tuple[Payment, Refund, int]:
    """A payable refund that may be settled by hand, with its locked payment; no provider call starts meanwhile.

    The last value is the amount (minor units) up to which one operator is enough: 0 if the provider may have the
    refund and has not returned its state for a week. Raises RefundNotFound, RefundDecided, RefundInProgress.
    """
    payment, refund, attempt = locked(work, refund_id)
    if work.calls.is_under_way(CallKind.REFUND, attempt.attempt_id):
        raise RefundInProgress
    if not _may_be_accepted(work, attempt):
        return payment, refund, single_operator_limit()
    if not attempt.is_unanswered_since(work.now - UNANSWERED):
        raise RefundInProgress
    return payment, refund, 0


def standing(attempt: Attempt) -> dict[str, Any]:
    """The state of an attempt, for the operator log."""
    return {"position": attempt.position, "state": attempt.state, "result": attempt.result}


def _may_be_accepted(work: Work, attempt: Attempt) -> bool:
    """Whether the provider carries it out, or a call without response has not been queried yet."""
    query_is_due = work.calls.is_due(CallKind.QUERY_REFUND, attempt.attempt_id)
    return attempt.state is AttemptState.PROCESSING or (attempt.state is AttemptState.REQUESTED and query_is_due)


def _settled(
    work: Work, caller: Caller, about: tuple[Payment, Refund, ManualSettlement], note: str, limit: int
) -> None:
    payment, refund, proposed = about
    confirm_proposal(work, caller, proposed, limit)
    posting = postings.refund_settled_by_hand(refund, payment.provider, proposed)
    completing.complete(work, payment, refund, RefundState.SETTLED_BY_HAND, posting)
    _note(work, caller, "refund.settle", refund, note, proof=proposed.proof, paid_from=proposed.paid_from)


def _note(work: Work, caller: Caller, action: str, refund: Refund, note: str, **after: Any) -> None:
    details = {"state": refund.state, "amount": refund.amount.amount, **after}
    about = f"refund {refund.refund_id}"
    log.note(work, actor=str(caller.account), action=action, about=about, note=note, after=details)
