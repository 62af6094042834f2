"""What operators do about refunds that do not get on by themselves. Each act is logged, with its reason."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from payments import schemas
from payments.domain import ledger
from payments.domain.calls import CallKind
from payments.domain.payment import Payment, Tender
from payments.domain.refunds import (
    Attempt,
    AttemptState,
    Refund,
    RefundDecided,
    RefundInProgress,
    RefundState,
    ReportedAlready,
    UnknownRefund,
)
from payments.domain.settlements import HandSettlement, NotProposed, PaidFrom, ProposalChanged, ProvenAlready
from payments.domain.unidentified import DoesNotFit
from payments.use_cases import completing
from payments.work import Work
from shared import settings
from shared.auth import Caller
from shared.money import Money
from shared.operating import log

UNANSWERED = timedelta(days=7)  # after so long without a word from the provider two operators may settle a refund


def retry(work: Work, caller: Caller, wish: schemas.RefundNote) -> None:
    """Ask the provider at once: for the refund under its number, or, if it has that, how it stands there.

    Where that says closed, a new number follows. Raises UnknownRefund, RefundDecided.
    """
    payment, refund, attempt = locked(work, wish.refund_id)
    if attempt.state is not AttemptState.ASKED:
        work.calls.ask(CallKind.QUERY_REFUND, attempt.attempt_id, payment.payment_id, at=work.now)
    elif not work.calls.is_under_way(CallKind.REFUND, attempt.attempt_id):
        work.calls.ask(CallKind.REFUND, attempt.attempt_id, payment.payment_id, at=work.now)
    _note(work, caller, "refund.retry", refund, wish.note, attempt=standing(attempt))


def settle(work: Work, caller: Caller, wish: schemas.SettleRefund) -> None:
    """A person has sent the money another way. Above an amount, another operator has to confirm it first.

    Raises UnknownRefund, RefundDecided, RefundInProgress, ReportedAlready, ProvenAlready, DoesNotFit.
    """
    if wish.paid_from is PaidFrom.WRITTEN_OFF:  # it is owed
        raise DoesNotFit
    payment, refund, alone = locked_to_settle(work, wish.refund_id)
    proposed = propose(work, caller, refund.refund_id, refund.amount, wish)
    _note(work, caller, "refund.propose_settlement", refund, wish.note, proof=wish.proof, paid_from=wish.paid_from)
    if proposed.counts_alone(alone):
        _settled(work, caller, (payment, refund, proposed), wish.note, alone)


def confirm(work: Work, caller: Caller, wish: schemas.SettleRefund) -> None:
    """Another operator has seen the proof, which he names as he saw it.

    Raises NotProposed, ProposalChanged, NeedsAnother, and what `settle` raises.
    """
    payment, refund, alone = locked_to_settle(work, wish.refund_id)
    proposed = proposal(work, wish.refund_id, wish)
    _settled(work, caller, (payment, refund, proposed), wish.note, alone)


def propose(work: Work, caller: Caller, about: UUID, amount: Money, wish: Any) -> HandSettlement:
    """Keep what a person says that he moved. Raises ReportedAlready, ProvenAlready."""
    proposed = HandSettlement(
        about=about,
        amount=amount,
        paid_from=wish.paid_from,
        proof=wish.proof,
        note=wish.note,
        proposed_by=str(caller.account),
        proposed_at=work.now,
    )
    _check_proof(work, proposed)
    work.settlements.put(proposed)
    return proposed


def proposal(work: Work, about: UUID, seen: Any) -> HandSettlement:
    """What is proposed, if it is what was seen. Raises NotProposed, ProposalChanged."""
    proposed = work.settlements.find(about)
    if proposed is None:
        raise NotProposed
    if (proposed.paid_from, proposed.proof) != (seen.paid_from, seen.proof):
        raise ProposalChanged(paid_from=str(proposed.paid_from), proof=proposed.proof)
    return proposed


def count(work: Work, caller: Caller, proposed: HandSettlement, alone: int) -> None:
    """Let what a person says count; up to `alone` (minor units) one person is enough.

    Raises ReportedAlready, ProvenAlready, NeedsAnother.
    """
    _check_proof(work, proposed)
    proposed.confirm(str(caller.account), work.now, alone_up_to=alone)
    work.settlements.put(proposed)


def alone_up_to() -> int:
    """Up to how much (minor units) one operator may settle by hand."""
    return settings.whole("REFUND_ALONE_UP_TO", 100_000)


def locked(work: Work, refund_id: UUID) -> tuple[Payment, Refund, Attempt]:
    """A refund that is owed, and its newest attempt, locked. Raises UnknownRefund, RefundDecided."""
    known = work.refunds.find(refund_id)
    if known is None:
        raise UnknownRefund
    payment, refund = work.payments.lock(known.payment_id), work.refunds.find(refund_id)
    assert payment
    assert refund
    if refund.decided or refund.tender is not Tender.PROVIDER:
        raise RefundDecided(state=str(refund.state))
    return payment, refund, work.refund_attempts.of_refunds(refund_id)[-1]


def locked_to_settle(work: Work, refund_id: UUID) -> tuple[Payment, Refund, int]:
    """A refund that is owed and may be settled by hand, locked; nobody asks for it before the commit.

    Last in the answer: up to how much (minor units) one operator may do that alone. Nothing, if the provider may
    have it and has not said for a week how it stands. Raises UnknownRefund, RefundDecided, RefundInProgress.
    """
    payment, refund, attempt = locked(work, refund_id)
    if work.calls.is_under_way(CallKind.REFUND, attempt.attempt_id):
        raise RefundInProgress
    if not _may_be_taken(work, attempt):
        return payment, refund, alone_up_to()
    if not attempt.is_unanswered_since(work.now - UNANSWERED):
        raise RefundInProgress
    return payment, refund, 0


def standing(attempt: Attempt) -> dict[str, Any]:
    """How an attempt stands, for the operator log."""
    return {"position": attempt.position, "state": attempt.state, "word": attempt.word}


def _may_be_taken(work: Work, attempt: Attempt) -> bool:
    """Whether the provider carries it out, or a call got no answer and has not been looked into yet."""
    doubted = work.calls.is_due(CallKind.QUERY_REFUND, attempt.attempt_id)
    return attempt.state is AttemptState.PROCESSING or (attempt.state is AttemptState.ASKED and doubted)


def _check_proof(work: Work, proposed: HandSettlement) -> None:
    """The provider may have reported it since it was proposed, and each of its numbers moved money once."""
    if proposed.paid_from is not PaidFrom.PROVIDER:
        return
    work.settlements.lock_numbers(proposed.proof)
    if work.unidentified.has_refund(proposed.proof):
        raise ReportedAlready
    made_by_us = work.refund_attempts.is_ours(proposed.proof)
    if made_by_us or work.settlements.proves_another(proposed.about, proposed.proof):
        raise ProvenAlready


def _settled(
    work: Work, caller: Caller, about: tuple[Payment, Refund, HandSettlement], note: str, alone: int
) -> None:
    payment, refund, proposed = about
    count(work, caller, proposed, alone)
    posting = ledger.refund_settled_by_hand(refund, proposed.paid_from)
    completing.complete(work, payment, refund, RefundState.SETTLED_BY_HAND, posting)
    _note(work, caller, "refund.settle", refund, note, proof=proposed.proof, paid_from=proposed.paid_from)


def _note(work: Work, caller: Caller, action: str, refund: Refund, note: str, **after: Any) -> None:
    told = {"state": refund.state, "amount": refund.amount.amount, **after}
    about = f"refund {refund.refund_id}"
    log.note(work, actor=str(caller.account), action=action, about=about, note=note, after=told)
