"""The postings of refunds."""

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
    """The amount is debited to `source` (usually the merchant's account) and credited to the tender's account.

    Each kind is posted once.
    """
    return _of_refund(kind, refund, source, paid_by(refund.tender, provider))


def refund_settled(refund: Refund, provider: str) -> Posting:
    """The provider has paid the refund."""
    return _of_refund(
        PostingKind.REFUND_SETTLED, refund, refunds_in_transit(provider), provider_clearing(provider)
    )


def refund_settled_by_hand(refund: Refund, provider: str, settlement: ManualSettlement) -> Posting:
    """An operator has paid the refund another way."""
    paid_from = settlement.account(provider)
    return _of_refund(PostingKind.REFUND_SETTLED_BY_HAND, refund, refunds_in_transit(provider), paid_from)


def refund_assigned(refund: Refund, provider: str) -> Posting:
    """An unidentified outgoing payment was this refund."""
    return _of_refund(PostingKind.REFUND_ASSIGNED, refund, refunds_in_transit(provider), UNIDENTIFIED_REFUNDS)


def _of_refund(kind: PostingKind, refund: Refund, debit: Account, credit: Account) -> Posting:
    about, payment_id = refund.refund_id, refund.payment_id
    accounts = {"debit": debit, "credit": credit}
    return transfer(kind, about, payment_id, **accounts, amount=refund.amount, order_id=refund.order_id)
