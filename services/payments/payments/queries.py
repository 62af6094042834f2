"""What payments is asked."""

from collections import Counter
from dataclasses import fields
from typing import Any, TypeVar

from payments import schemas
from payments.domain.payment import Payment, State, UnknownPayment
from payments.work import Work
from shared import shapes
from shared.auth import Caller
from shared.money import Money

View = TypeVar("View")


def get_payment(work: Work, caller: Caller, which: schemas.WhichPayment) -> dict[str, Any]:
    """A payment for its buyer; somebody else's looks as if it were not there."""
    payment = _find(work, which)
    if payment is None or not _may_see(caller, payment):
        raise UnknownPayment
    return shapes.dump(_payment(payment))


def payment_of(work: Work, which: schemas.ThisPayment) -> dict[str, Any]:
    """All that is known of a payment, for operators."""
    payment = work.payments.find(which.payment_id)
    if payment is None:
        raise UnknownPayment
    whole = schemas.WholePayment(
        payment=_payment(payment),
        parts=[_view(schemas.PartView, vars(part)) for part in payment.parts],
        captures=[_view(schemas.CaptureView, vars(c)) for c in work.captures.of_payment(payment.payment_id)],
        refunds=[_view(schemas.RefundView, vars(r)) for r in work.refunds.of_payment(payment.payment_id)],
        entries=[_entry(row) for row in work.books.of_payment(payment.payment_id)],
        calls=[_view(schemas.CallView, row) for row in work.calls.of_payment(payment.payment_id)],
    )
    return shapes.dump(whole)


def trial_balance(work: Work) -> dict[str, Any]:
    """The balance of every account of the chart, and whether they add up to zero."""
    rows, sums = work.books.balances(), Counter[str]()
    for row in rows:
        sums[row["currency"]] += row["balance"]
    accounts = [
        schemas.AccountBalance(account=row["code"], balance=Money(row["balance"], row["currency"])) for row in rows
    ]
    return shapes.dump(schemas.TrialBalance(accounts=accounts, balanced=not any(sums.values())))


def _may_see(caller: Caller, payment: Payment) -> bool:
    """Operators have a request of their own, which is noted."""
    return caller.user_id is not None and caller.user_id == payment.buyer_id


def _find(work: Work, which: schemas.WhichPayment) -> Payment | None:
    if which.payment_id:
        return work.payments.find(which.payment_id)
    return work.payments.find_of_checkout(which.checkout_id) if which.checkout_id else None


def _payment(payment: Payment) -> schemas.PaymentView:
    payable = payment.code_url if payment.state is State.OPEN else None
    return _view(schemas.PaymentView, {**vars(payment), "code_url": payable})


def _entry(row: Any) -> schemas.EntryView:
    amount = Money(row["amount"], row["currency"])
    return _view(schemas.EntryView, {**row, "posting": row["kind"], "amount": amount})


def _view(view: type[View], values: Any) -> View:
    return view(**{field.name: values[field.name] for field in fields(view)})  # type: ignore[arg-type]
