"""Queries of payments and of unidentified money."""

from collections.abc import Sequence

from payments import metrics
from payments.ledger.front import entry_view
from payments.providers.front import call_view
from payments.refunding.front import manual_settlement_view, refund_view, returned_money_view
from payments.taking import views
from payments.taking.model.payment import Payment, PaymentNotFound
from payments.taking.model.unidentified import Unidentified
from payments.taking.store import finding
from payments.work import Work
from shared.answering_together import Asked
from shared.auth import Caller
from shared.contracts.pages import Page, page
from shared.contracts.payments import views as answers
from shared.contracts.payments.finding import FoundPayment
from shared.contracts.payments.payment_methods import PaymentMethod, PaymentMethodDetails
from shared.contracts.payments.requests import (
    GetPayment,
    GetPaymentDetails,
    ListReturnedMoney,
    ListUnidentified,
)


def read_in_advance(work: Work, batch: Sequence[Asked]) -> None:
    """Read at once the payments of several checkouts."""
    requests = [asked.request for asked in batch]
    work.payments.read_checkouts_in_advance({each.checkout_id for each in requests if each.checkout_id})


def get_payment(work: Work, caller: Caller, requested: GetPayment) -> answers.Payment:
    """A payment for its buyer. Raises PaymentNotFound, also for another buyer's payment."""
    return views.payment(_of_buyer(caller, _find(work, requested)))


def list_returned_money(work: Work, caller: Caller, requested: ListReturnedMoney) -> Page[answers.ReturnedMoney]:
    """The money that did not pay the checkout, for its buyer. Raises PaymentNotFound, also for another buyer's."""
    payment = _of_buyer(caller, work.payments.find_of_checkout(requested.checkout_id))
    refunds = work.refunds.of_payment(payment.payment_id)
    return Page(items=tuple(returned_money_view(each) for each in refunds if each.order_id is None), next=None)


def get_payment_details(work: Work, requested: GetPaymentDetails) -> answers.PaymentDetails:
    """All details of a payment, for operators. Raises PaymentNotFound."""
    payment = work.payments.find(requested.payment_id)
    if payment is None:
        raise PaymentNotFound
    return answers.PaymentDetails(
        payment=views.payment(payment),
        parts=tuple(map(views.part, payment.parts)),
        captures=tuple(map(views.capture, work.captures.of_payment(payment.payment_id))),
        refunds=tuple(map(refund_view, work.refunds.of_payment(payment.payment_id))),
        entries=tuple(map(entry_view, work.ledger.of_payment(payment.payment_id))),
        calls=tuple(map(call_view, work.calls.of_payment(payment.payment_id))),
        notifications=tuple(map(views.notification, finding.notifications(work.connection, payment.payment_id))),
    )


def find_payments(work: Work, number: str) -> Page[FoundPayment]:
    """The payments with this number, of whichever kind it is, the newest first."""
    return Page(items=tuple(map(views.found, finding.payments(work.connection, number))), next=None)


def list_payment_methods(work: Work) -> Page[PaymentMethod]:
    """The payment methods that shoppers may choose, once each, in the order of the registry.

    Methods that an operator has switched off are left out.
    """
    enabled = {s.name: s for _, s, enabled in work.providers.methods() if enabled and s.offered}
    offered = {name: s for name, s in enabled.items() if work.switches.is_on(f"pay.{name}")}
    return Page(items=tuple(map(views.payment_method, offered.values())), next=None)


def list_payment_method_details(work: Work) -> Page[PaymentMethodDetails]:
    """All payment methods with their providers, including disabled ones."""
    return Page(items=tuple(views.payment_method_details(*each) for each in work.providers.methods()), next=None)


def list_unidentified(work: Work, requested: ListUnidentified) -> Page[answers.UnidentifiedMoney]:
    """A page of the open unidentified money, the oldest first."""
    found = work.unidentified.page(after=requested.cursor, limit=requested.limit + 1)
    return page(found, lambda each: _unidentified(work, each), lambda each: each.unidentified_id, requested.limit)


def measure(work: Work) -> None:
    """Set the gauges of unidentified money and of notifications whose processing failed."""
    metrics.unidentified.set(work.unidentified.count_open())
    metrics.unprocessed.set(work.notifications.count_tried())


def _unidentified(work: Work, found: Unidentified) -> answers.UnidentifiedMoney:
    settlement = work.settlements.find(found.unidentified_id)
    return views.unidentified(found, manual_settlement_view(settlement) if settlement else None)


def _of_buyer(caller: Caller, payment: Payment | None) -> Payment:
    """The caller's payment; operators have their own request, which is logged. Raises PaymentNotFound."""
    if payment is None or caller.user_id is None or caller.user_id != payment.buyer_id:
        raise PaymentNotFound
    return payment


def _find(work: Work, requested: GetPayment) -> Payment | None:
    if requested.payment_id:
        return work.payments.find(requested.payment_id)
    return work.payments.find_of_checkout(requested.checkout_id) if requested.checkout_id else None
