"""Settlements by hand, of refunds and of unidentified money."""

from uuid import UUID

from payments.refunding.model.refunds import RefundReported
from payments.refunding.model.settlements import (
    ManualSettlement,
    NotProposed,
    PaidFrom,
    ProofUsed,
    ProposalChanged,
)
from payments.work import Work
from shared import settings
from shared.auth import Caller
from shared.contracts.payments.requests import RefundByHand, UnidentifiedByHand
from shared.money import Money

ByHand = RefundByHand | UnidentifiedByHand


def propose(work: Work, caller: Caller, about: UUID, amount: Money, requested: ByHand) -> ManualSettlement:
    """Store an operator's proposal. Raises RefundReported, ProofUsed."""
    proposed = ManualSettlement(
        about=about,
        amount=amount,
        paid_from=PaidFrom(requested.paid_from),
        proof=requested.proof,
        note=requested.note,
        proposed_by=str(caller.account),
        proposed_at=work.now,
    )
    _check_proof(work, proposed)
    work.settlements.put(proposed)
    return proposed


def proposal(work: Work, about: UUID, seen: ByHand) -> ManualSettlement:
    """The proposal, if it is the one that the operator has seen. Raises NotProposed, ProposalChanged."""
    proposed = work.settlements.find(about)
    if proposed is None:
        raise NotProposed
    if (proposed.paid_from, proposed.proof) != (PaidFrom(seen.paid_from), seen.proof):
        raise ProposalChanged(paid_from=str(proposed.paid_from), proof=proposed.proof)
    return proposed


def confirm_proposal(work: Work, caller: Caller, proposed: ManualSettlement, limit: int) -> None:
    """Confirm a proposal; up to `limit` (minor units) one operator is enough.

    Raises RefundReported, ProofUsed, NeedsAnother.
    """
    _check_proof(work, proposed)
    proposed.confirm(str(caller.account), work.now, single_operator_limit=limit)
    work.settlements.put(proposed)


def single_operator_limit() -> int:
    """The amount (minor units) up to which one operator may settle by hand."""
    return settings.whole("REFUND_SINGLE_OPERATOR_LIMIT", 100_000)


def _check_proof(work: Work, proposed: ManualSettlement) -> None:
    """Check that the proof is not used yet, and that the provider has not reported it since it was proposed."""
    if proposed.paid_from is not PaidFrom.PROVIDER:
        return
    work.settlements.lock_numbers(proposed.proof)
    if work.unidentified.has_refund(proposed.proof):
        raise RefundReported
    made_by_us = work.refund_attempts.is_ours(proposed.proof)
    if made_by_us or work.settlements.proves_another(proposed.about, proposed.proof):
        raise ProofUsed
