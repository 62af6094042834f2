"""The command to refund, and the operators' requests about refunds."""

from typing import Any

from payments.refunding import queries
from payments.refunding.use_cases import operator_actions, refunds
from payments.work import Work
from shared.auth import Caller
from shared.contracts.pages import Page
from shared.contracts.payments import RefundPayment, views
from shared.contracts.payments.requests import (
    ConfirmRefund,
    GetRefund,
    ListStalledRefunds,
    RetryRefund,
    SettleRefund,
)
from shared.entrypoints import answers, every, handles


class Refunding:
    """Refunds with their attempts, and settlements by hand."""

    work: Any

    @handles(RefundPayment)
    def refund_payment(self, work: Work, command: RefundPayment) -> None:
        refunds.refund_payment(work, command)

    @answers(ListStalledRefunds)
    def list_stalled_refunds(
        self, work: Work, _caller: Caller, request: ListStalledRefunds
    ) -> Page[views.RefundProgress]:
        return queries.list_stalled_refunds(work, request)

    @answers(GetRefund)
    def get_refund(self, work: Work, _caller: Caller, request: GetRefund) -> views.RefundProgress:
        return queries.get_refund(work, request.refund_id)

    @answers(RetryRefund)
    def retry_refund(self, work: Work, caller: Caller, request: RetryRefund) -> views.RefundProgress:
        operator_actions.retry(work, caller, request)
        return queries.get_refund(work, request.refund_id)

    @answers(SettleRefund)
    def settle_refund(self, work: Work, caller: Caller, request: SettleRefund) -> views.RefundProgress:
        operator_actions.settle(work, caller, request)
        return queries.get_refund(work, request.refund_id)

    @answers(ConfirmRefund)
    def confirm_refund(self, work: Work, caller: Caller, request: ConfirmRefund) -> views.RefundProgress:
        operator_actions.confirm(work, caller, request)
        return queries.get_refund(work, request.refund_id)

    @every(seconds=15)
    def measure_refunds(self) -> None:
        with self.work() as work:
            queries.measure(work)
