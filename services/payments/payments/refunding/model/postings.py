"""The postings of money that goes back."""

from payments.ledger.front import (
    UNIDENTIFIED_REFUNDS,
    Account,
    Posting,
    PostingKind,
    paid_by,
    provider_clearing,
    refunds_in_transit,
    transfer,
)
from payments.refunding.model.refunds import Refund
from payments.refunding.model.settlements import ManualSettlement


def refund_requested(
    refund: Refund, provider: str, source: Account, kind: PostingKind = PostingKind.REFUND_REQUESTED
) -> Posting:
    """The source (the merchant's account) is owed less; the money comes out of what the tender names.

    Each kind is posted once.
    """
    return _of_refund(kind, refund, source, paid_by(refund.tender, provider))


def refund_settled(refund: Refund, provider: str) -> Posting:
    """The money has left the provider."""
    return _of_refund(
        PostingKind.REFUND_SETTLED, refund, refunds_in_transit(provider), provider_clearing(provider)
    )


def refund_settled_by_hand(refund: Refund, provider: str, settlement: ManualSettlement) -> Posting:
    """A person sent the money."""
    paid_from = settlement.account(provider)
    return _of_refund(PostingKind.REFUND_SETTLED_BY_HAND, refund, refunds_in_transit(provider), paid_from)


def refund_assigned(refund: Refund, provider: str) -> Posting:
    """Money that went out unexplained was this refund's."""
    return _of_refund(PostingKind.REFUND_ASSIGNED, refund, refunds_in_transit(provider), UNIDENTIFIED_REFUNDS)


def _of_refund(kind: PostingKind, refund: Refund, debit: Account, credit: Account) -> Posting:
    about, payment_id = refund.refund_id, refund.payment_id
    accounts = {"debit": debit, "credit": credit}
    return transfer(kind, about, payment_id, **accounts, amount=refund.amount, order_id=refund.order_id)
