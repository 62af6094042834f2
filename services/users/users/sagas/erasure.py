"""One attempt to erase a user. The pivot is the step of orders, the only service that may refuse; later steps
are retried until they succeed. Another service that may refuse needs a step before the pivot, with an undo.
"""

from dataclasses import replace
from datetime import timedelta

from shared.contracts import marketing, orders, payments
from shared.contracts.users import UserErased, WakeAccountSaga
from shared.messages import Event
from shared.sagas import Call, Local, Saga
from users import erasing
from users.erasure import use_cases
from users.erasure.model import ErasureProcess, OpenMatter, OpenMatterKind
from users.work import Work


def begin(_work: Work, _s: ErasureProcess) -> None:
    """Nothing to do: the request has stored the running state."""


def refuse(work: Work, s: ErasureProcess) -> None:
    use_cases.refuse(work, s)


def erase_in_orders(s: ErasureProcess) -> orders.EraseBuyer:
    return orders.EraseBuyer(user_id=s.user_id)


def erase_in_payments(s: ErasureProcess) -> payments.ErasePayer:
    return payments.ErasePayer(user_id=s.user_id)


def erase_in_marketing(s: ErasureProcess) -> marketing.EraseCouponHolder:
    return marketing.EraseCouponHolder(user_id=s.user_id)


def close(work: Work, s: ErasureProcess) -> None:
    erasing.ERASER.erase(work, s.user_id)
    use_cases.finish(work, s)
    work.publish(UserErased(user_id=s.user_id))


def learn(s: ErasureProcess, refused: Event) -> ErasureProcess:
    """Store the open matters of a refusal."""
    if not isinstance(refused, orders.ErasureRefused):
        return s
    matters = tuple(OpenMatter(kind=OpenMatterKind(each.kind), id=each.id) for each in refused.open)
    return replace(s, open=matters)


saga = Saga(
    "users.erasure",
    ErasureProcess,
    [
        Local("begin", do=begin, undo=refuse),
        Call("erase_orders", do=erase_in_orders, within=timedelta(minutes=1), pivot=True, skippable=False),
        Call("erase_payments", do=erase_in_payments, skippable=False),
        Call("erase_marketing", do=erase_in_marketing, skippable=False),
        Local("close", do=close),
    ],
    timer=WakeAccountSaga,
    learn=learn,
)
