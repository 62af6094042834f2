"""The shell of payments: what it is asked, what it obeys, what it listens to, and what it does by itself."""

from functools import cached_property
from typing import Any

from nameko.extensions import DependencyProvider

from payments import notifications, queries, refund_views, schemas
from payments.auditing import AuditDoors
from payments.errands import Runner
from payments.operating import OperatorDoors
from payments.provider import Provider
from payments.retention import RULES
from payments.use_cases import cancelling, cash, opening, refunding, reporting
from payments.wechat import WeChatPay
from payments.wechat_line import Merchant
from payments.work import Work, calls_asked
from shared import shapes
from shared.audited import Audited
from shared.auth import Caller
from shared.contracts import orders
from shared.contracts.payments import CancelPayment, OpenPayment, RefundPayment
from shared.db import Database
from shared.entrypoints import every, handles, rpc
from shared.operated import Operated
from shared.permissions import Role
from shared.retained import Retention


class WeChat(DependencyProvider):
    """The adapter to WeChat Pay; without its settings the process does not start."""

    @cached_property
    def adapter(self) -> Provider:
        return WeChatPay(Merchant.from_environment())

    def setup(self) -> None:
        assert self.adapter

    def get_dependency(self, worker_ctx: Any) -> Provider:  # noqa: ARG002 - nameko's signature
        return self.adapter


class PaymentsService(AuditDoors, OperatorDoors, Operated, Audited):
    """Takes money, gives it back, and keeps the books."""

    name = "payments"

    work = Database(Work)
    retention = Retention(RULES)
    wechat = WeChat()
    runner = Runner()

    @rpc(allow=Role.SHOPPER)
    def get_payment(self, caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
        with self.work() as work:
            return queries.get_payment(work, caller, shapes.load(schemas.WhichPayment, request))

    @rpc(allow=Role.OPERATOR, noted="payment.read", reads=True)
    def payment_of(self, _caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
        with self.work() as work:
            return queries.payment_of(work, shapes.load(schemas.ThisPayment, request))

    @rpc(allow=Role.OPERATOR, noted=False)
    def trial_balance(self, _caller: Caller, _request: dict[str, Any]) -> dict[str, Any]:
        with self.work() as work:
            return queries.trial_balance(work)

    @rpc(allow=Role.ANYONE)
    def wechat_notification(self, _caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
        return notifications.hear(self.work, self.wechat, shapes.load(schemas.Report, request))

    @handles(OpenPayment)
    def open_payment(self, work: Work, command: OpenPayment) -> None:
        opening.open_payment(work, command)

    @handles(CancelPayment)
    def cancel_payment(self, work: Work, command: CancelPayment) -> None:
        cancelling.cancel_payment(work, command)

    @handles(RefundPayment)
    def refund_payment(self, work: Work, command: RefundPayment) -> None:
        refunding.refund_payment(work, command)

    @handles(orders.OrderConfirmed)
    def book_receivable(self, work: Work, event: orders.OrderConfirmed) -> None:
        cash.order_confirmed(work, event)

    @handles(orders.OrderDelivered)
    def take_cash(self, work: Work, event: orders.OrderDelivered) -> None:
        cash.order_delivered(work, event)

    @every(seconds=0)
    def call_providers(self) -> None:
        self.runner.run(self.work, self.wechat, calls_asked)

    @every(seconds=15)
    def measure_refunds(self) -> None:
        with self.work() as work:
            refund_views.measure(work)

    @every(seconds=5)
    def judge_reports(self) -> None:
        reporting.judge_waiting(self.work)

    @every(seconds=1)
    def decide_cancels(self) -> None:
        cancelling.decide_overdue(self.work)
