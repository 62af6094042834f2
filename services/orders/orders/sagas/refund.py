"""Refunds units of an order. The pivot is the refund of the payment: if payments refuses it, the case fails.

Once payments has accepted the refund, the units are restocked and the saga is done. PaymentRefunded reports its
payment, perhaps days later; no saga waits for it.
"""

from dataclasses import replace
from datetime import timedelta

from orders.aftersale.model.process import RefundProcess
from orders.aftersale.model.states import RefundFailure
from orders.aftersale.use_cases import refunds
from orders.sagas.repayment import order_lock, refund_payment, restock
from orders.work import Work
from shared.contracts.orders import WakeSaga
from shared.sagas import Call, Local, Saga

FAILURES = {failure.value: failure for failure in RefundFailure}


def open_case(work: Work, s: RefundProcess) -> None:
    refunds.begin(work, s.refund_id)


def fail_case(work: Work, s: RefundProcess) -> None:
    refunds.fail(work, s.refund_id, s.failure or RefundFailure.REFUND_FAILED)


def finish_case(work: Work, s: RefundProcess) -> None:
    refunds.finish(work, s.refund_id)


def because(s: RefundProcess, reason: str | None) -> RefundProcess:
    return replace(s, failure=FAILURES.get(reason, RefundFailure.REFUND_FAILED) if reason else None)


saga = Saga(
    "orders.refund",
    RefundProcess,
    [
        Local("open", do=open_case, undo=fail_case),
        Call("refund_payment", do=refund_payment, within=timedelta(minutes=1), pivot=True, skippable=False),
        Call("restock", do=restock),
        Local("close", do=finish_case),
    ],
    timer=WakeSaga,
    locks=order_lock,
    because=because,
    version=2,
)
