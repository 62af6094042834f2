"""Booking unidentified money, which moved at a provider without a payment or refund to explain it."""

from dataclasses import replace
from typing import Any

from payments.providers.front import ProviderPayment, ProviderRefund
from payments.providers.front import RefundState as AtProvider
from payments.taking.model import postings
from payments.taking.model.unidentified import Kind, Reason, Unidentified
from payments.work import Work
from shared import observe
from shared.ids import new_id


def book_unidentified_receipt(work: Work, provider: str, about: ProviderPayment, why: Reason) -> None:
    """Book a receipt, with the reason `another_app` if it was paid in another app of the merchant."""
    assert about.amount is not None
    assert about.transaction_id is not None
    moved = {"provider_number": about.transaction_id, "amount": about.amount, "happened_at": about.paid_at}
    numbers = {"number": about.out_trade_no, "out_trade_no": about.out_trade_no}
    by_payer = about.payer_total
    if by_payer is not None and by_payer.currency != about.amount.currency:
        by_payer = replace(about.amount, amount=0)  # the payer paid nothing in this currency
    why = why if about.ours else Reason.ANOTHER_APP
    _book(work, provider, Kind.RECEIPT, why, payer_total=by_payer, **numbers, **moved)


def book_unidentified_refund(work: Work, provider: str, about: ProviderRefund, why: Reason) -> None:
    """Book a refund that has arrived, unless an operator has settled it with its number as proof."""
    proofs = (about.out_refund_no, about.refund_id)
    if about.state is not AtProvider.SUCCEEDED:
        return
    work.settlements.lock_numbers(*proofs)
    if work.settlements.proven_by(about.amount, *proofs):
        return
    moved = {"provider_number": about.refund_id, "amount": about.amount, "happened_at": about.refunded_at}
    _book(work, provider, Kind.REFUND, why, number=about.out_refund_no, out_trade_no=about.out_trade_no, **moved)


def _book(work: Work, provider: str, kind: Kind, why: Reason, **moved: Any) -> None:
    found = Unidentified(
        unidentified_id=new_id(),
        kind=kind,
        why=why,
        provider=provider,
        booked_at=work.now,
        **{**moved, "happened_at": moved["happened_at"] or work.now},
    )
    if work.unidentified.add(found):
        work.ledger.post(postings.unidentified(found))
        observe.log.error("unidentified money", kind=kind, why=why, unidentified_id=str(found.unidentified_id))
