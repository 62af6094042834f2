"""Commands, events and requests about payments, cash on delivery, notifications and unidentified money."""

from typing import Any

from payments.taking import queries
from payments.taking.use_cases import cancelling, cash, identifying, notifications, opening
from payments.work import Work
from shared.answering_together import nothing_in_advance
from shared.auth import Caller
from shared.contracts import orders
from shared.contracts.pages import Page
from shared.contracts.payments import CancelPayment, OpenPayment, views
from shared.contracts.payments.finding import FindPayments, FoundPayment
from shared.contracts.payments.payment_methods import PaymentMethod, PaymentMethodDetails
from shared.contracts.payments.requests import (
    AssignUnidentified,
    ConfirmUnidentified,
    GetPayment,
    GetPaymentDetails,
    ListPaymentMethodDetails,
    ListPaymentMethods,
    ListReturnedMoney,
    ListUnidentified,
    ReceiveProviderNotification,
    ReturnUnidentified,
)
from shared.entrypoints import Signal, answers, every, handles


def _read(service: "Taking", request: ReceiveProviderNotification) -> notifications.Received:
    return notifications.read(service.providers, request)


class Taking:
    """Payments, cash on delivery, the providers' notifications, and unidentified money."""

    work: Any
    providers: Any
    notified = Signal()

    @handles(OpenPayment, in_advance=opening.lock_in_advance)
    def open_payment(self, work: Work, command: OpenPayment) -> None:
        opening.open_payment(work, command)

    @handles(CancelPayment)
    def cancel_payment(self, work: Work, command: CancelPayment) -> None:
        cancelling.cancel_payment(work, command)

    @handles(orders.OrderConfirmed, in_advance=cash.lock_in_advance, linger=0.25)
    def book_receivable(self, work: Work, event: orders.OrderConfirmed) -> None:
        cash.order_confirmed(work, event)

    @handles(orders.OrderDelivered, linger=0.25)
    def take_cash(self, work: Work, event: orders.OrderDelivered) -> None:
        cash.order_delivered(work, event)

    @answers(GetPayment, together=queries.read_in_advance)
    def get_payment(self, work: Work, caller: Caller, request: GetPayment) -> views.Payment:
        return queries.get_payment(work, caller, request)

    @answers(ListReturnedMoney)
    def list_returned_money(
        self, work: Work, caller: Caller, request: ListReturnedMoney
    ) -> Page[views.ReturnedMoney]:
        return queries.list_returned_money(work, caller, request)

    @answers(GetPaymentDetails)
    def get_payment_details(self, work: Work, _caller: Caller, request: GetPaymentDetails) -> views.PaymentDetails:
        return queries.get_payment_details(work, request)

    @answers(FindPayments)
    def find_payments(self, work: Work, _caller: Caller, request: FindPayments) -> Page[FoundPayment]:
        return queries.find_payments(work, request.q)

    @answers(ListPaymentMethods)
    def list_payment_methods(
        self, work: Work, _caller: Caller, _request: ListPaymentMethods
    ) -> Page[PaymentMethod]:
        return queries.list_payment_methods(work)

    @answers(ListPaymentMethodDetails)
    def list_payment_method_details(
        self, work: Work, _caller: Caller, _request: ListPaymentMethodDetails
    ) -> Page[PaymentMethodDetails]:
        return queries.list_payment_method_details(work)

    @answers(ReceiveProviderNotification, before=_read, together=nothing_in_advance)
    def receive_provider_notification(
        self, work: Work, _caller: Caller, _request: ReceiveProviderNotification, received: notifications.Received
    ) -> views.NotificationReceived:
        work.after_commit(self.notified.send)
        return notifications.store(work, received)

    @answers(ListUnidentified)
    def list_unidentified(
        self, work: Work, _caller: Caller, request: ListUnidentified
    ) -> Page[views.UnidentifiedMoney]:
        return queries.list_unidentified(work, request)

    @answers(AssignUnidentified)
    def assign_unidentified(self, work: Work, caller: Caller, request: AssignUnidentified) -> None:
        identifying.assign(work, caller, request)

    @answers(ReturnUnidentified)
    def return_unidentified(self, work: Work, caller: Caller, request: ReturnUnidentified) -> None:
        identifying.send_back(work, caller, request)

    @answers(ConfirmUnidentified)
    def confirm_unidentified(self, work: Work, caller: Caller, request: ConfirmUnidentified) -> None:
        identifying.confirm(work, caller, request)

    @every(seconds=1)
    def decide_cancels(self) -> None:
        cancelling.decide_overdue(self.work)

    @every(seconds=5, woken_by="notified")
    def process_notifications(self) -> int:
        return notifications.process_waiting(self.work)

    @every(seconds=15)
    def measure_unidentified(self) -> None:
        with self.work() as work:
            queries.measure(work)
