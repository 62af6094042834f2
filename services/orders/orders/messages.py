"""The messages to buyers about their orders, sent as the command SendMessage to users."""

from typing import Protocol
from uuid import UUID

from shared.contracts.users import Parameter, Purpose, SendMessage, Template
from shared.ids import new_id
from shared.money import Money, shown
from shared.work import Work


class Ordered(Protocol):
    """The fields of an order that messages use."""

    order_id: UUID
    number: str
    buyer_id: UUID
    total: Money


def confirmed(work: Work, order: Ordered) -> None:
    """Send a message to the buyer: the order is confirmed."""
    _send(work, order, Template.ORDER_CONFIRMED, total=shown(order.total))


def shipped(work: Work, order: Ordered, carrier: str, tracking_number: str) -> None:
    """Send a message to the buyer: a parcel was shipped."""
    _send(work, order, Template.ORDER_SHIPPED, carrier=carrier, tracking_number=tracking_number)


def cancelled(work: Work, order: Ordered) -> None:
    """Send a message to the buyer: the order is cancelled."""
    _send(work, order, Template.ORDER_CANCELLED)


def refunded(work: Work, order: Ordered, refund_id: UUID, amount: Money) -> None:
    """Send a message to the buyer: a refund was paid."""
    _send(
        work,
        order,
        Template.REFUND_ARRIVED,
        Purpose.AFTER_SALE,
        refund_id=str(refund_id),
        amount=shown(amount),
    )


def _send(
    work: Work, order: Ordered, template: Template, purpose: Purpose = Purpose.ORDER, **parameters: str
) -> None:
    about = {"order_id": str(order.order_id), "order_number": order.number}
    work.publish(
        SendMessage(
            message_id=new_id(),
            user_id=order.buyer_id,
            template=template,
            purpose=purpose,
            parameters=tuple(Parameter(name=name, value=value) for name, value in {**about, **parameters}.items()),
        )
    )
