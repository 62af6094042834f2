"""What orders makes known."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.erasure import DataErased
from shared.contracts.orders.lines import LineState, OrderAmounts
from shared.messages import Event
from shared.money import Money


class AfterSaleOutcome(StrEnum):
    """How a case ended."""

    REFUNDED = "refunded"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event, topic="orders.order_placed.v1", key="order_id"):
    """A shopper ordered from one shop; neither stock nor money is settled yet."""

    order_id: UUID
    checkout_id: UUID
    shop_id: UUID
    buyer_id: UUID
    lines: tuple[LineState, ...]
    amounts: OrderAmounts
    version: int


@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(Event, topic="orders.order_confirmed.v1", key="order_id"):
    """Paid, or to be paid at the door: from here on the order only goes forward or is refunded."""

    order_id: UUID
    checkout_id: UUID
    shop_id: UUID
    buyer_id: UUID
    lines: tuple[LineState, ...]
    amounts: OrderAmounts
    version: int


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event, topic="orders.order_cancelled.v1", key="order_id"):
    """The order will not be carried out; what was paid for it is on its way back. `reason` is a stable code."""

    order_id: UUID
    checkout_id: UUID
    shop_id: UUID
    buyer_id: UUID
    reason: str
    version: int


@dataclass(frozen=True, kw_only=True)
class OrderAccepted(Event, topic="orders.order_accepted.v1", key="order_id"):
    """The merchant prepares the goods."""

    order_id: UUID
    shop_id: UUID
    buyer_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class OrderShipped(Event, topic="orders.order_shipped.v1", key="order_id"):
    """A parcel left the shop; `complete` says that it was the last one."""

    order_id: UUID
    shop_id: UUID
    buyer_id: UUID
    parcel_id: UUID
    carrier: str
    tracking_number: str
    complete: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class OrderDelivered(Event, topic="orders.order_delivered.v1", key="order_id"):
    """Every parcel of the order has arrived; cash on delivery was taken."""

    order_id: UUID
    checkout_id: UUID
    shop_id: UUID
    buyer_id: UUID
    delivered_at: datetime
    lines: tuple[LineState, ...]
    amounts: OrderAmounts
    version: int


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(Event, topic="orders.order_completed.v1", key="order_id"):
    """The shopper has the goods and the time to object is over."""

    order_id: UUID
    checkout_id: UUID
    shop_id: UUID
    buyer_id: UUID
    lines: tuple[LineState, ...]
    amounts: OrderAmounts
    version: int


@dataclass(frozen=True, kw_only=True)
class AfterSaleOpened(Event, topic="orders.after_sale_opened.v1", key="order_id"):
    """Money is asked back for an order."""

    refund_id: UUID
    order_id: UUID
    shop_id: UUID
    buyer_id: UUID
    amount: Money


@dataclass(frozen=True, kw_only=True)
class AfterSaleClosed(Event, topic="orders.after_sale_closed.v1", key="order_id"):
    """The case is over; with `refunded` the lines and amounts say what has gone back by now, `amount` with it."""

    refund_id: UUID
    order_id: UUID
    shop_id: UUID
    buyer_id: UUID
    amount: Money
    outcome: AfterSaleOutcome
    lines: tuple[LineState, ...]
    amounts: OrderAmounts
    version: int


@dataclass(frozen=True, kw_only=True)
class BuyerErased(DataErased, topic="orders.buyer_erased.v1", key="user_id"):
    """Nothing is held of the person any more; `rows` held something."""


class OpenMatterKind(StrEnum):
    """What of a person has not come to its end."""

    CHECKOUT = "checkout"
    ORDER = "order"
    REFUND = "refund"


@dataclass(frozen=True, kw_only=True)
class OpenMatter:
    """A checkout, an order or a refund that has not come to its end."""

    kind: OpenMatterKind
    id: UUID


class ErasureRefusal(StrEnum):
    """Why nothing of a person was erased."""

    MATTERS_OPEN = "matters_open"


@dataclass(frozen=True, kw_only=True)
class ErasureRefused(Event, topic="orders.erasure_refused.v1", key="user_id"):
    """Nothing was erased: the person still buys, gets goods or gets money back. `open` are up to 50 of these."""

    user_id: UUID
    reason: ErasureRefusal
    open: tuple[OpenMatter, ...] = ()
