"""The postings of money that goes back."""

from payments.ledger.front import (
    AT_WECHAT,
    IN_TRANSIT,
    PAID_BY,
    UNIDENTIFIED_REFUNDS,
    Account,
    Posting,
    PostingKind,
    transfer,
)
from payments.refunding.model.refunds import Refund
from payments.refunding.model.settlements import HandSettlement


def refund_asked(refund: Refund, source: Account, kind: PostingKind = PostingKind.REFUND_ASKED) -> Posting:
    """The source (the merchant's account) is owed less; the money comes out of what the tender names.

    Each kind is posted once.
    """
    return _of_refund(kind, refund, source, PAID_BY[refund.tender])


def refund_settled(refund: Refund) -> Posting:
    """The money has left the provider."""
    return _of_refund(PostingKind.REFUND_SETTLED, refund, IN_TRANSIT, AT_WECHAT)


def refund_settled_by_hand(refund: Refund, settlement: HandSettlement) -> Posting:
    """A person sent the money."""
    return _of_refund(PostingKind.REFUND_SETTLED_BY_HAND, refund, IN_TRANSIT, settlement.account)


def refund_assigned(refund: Refund) -> Posting:
    """Money that went out unexplained was this refund's."""
    return _of_refund(PostingKind.REFUND_ASSIGNED, refund, IN_TRANSIT, UNIDENTIFIED_REFUNDS)


def _of_refund(kind: PostingKind, refund: Refund, debit: Account, credit: Account) -> Posting:
    about, payment_id = refund.refund_id, refund.payment_id
    accounts = {"debit": debit, "credit": credit}
    return transfer(kind, about, payment_id, **accounts, amount=refund.amount, order_id=refund.order_id)
