"""The events of orders."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.erasure import DataErased
from shared.contracts.orders.lines import LineState, OrderAmounts
from shared.contracts.payments import Method
from shared.messages import Event
from shared.money import Money


class AfterSaleOutcome(StrEnum):
    """The outcome of an after-sale case."""

    REFUNDED = "refunded"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event, topic="orders.order_placed.v1", key="order_id"):
    """A shopper ordered from a shop; stock is not reserved and nothing paid yet."""

    order_id: UUID
    checkout_id: UUID
    shop_id: UUID
    buyer_id: UUID
    lines: tuple[LineState, ...]
    amounts: OrderAmounts
    version: int


@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(Event, topic="orders.order_confirmed.v1", key="order_id"):
    """The order is paid, or will be on delivery. Later it can be fulfilled or refunded only."""

    order_id: UUID
    checkout_id: UUID
    shop_id: UUID
    buyer_id: UUID
    lines: tuple[LineState, ...]
    amounts: OrderAmounts
    version: int
    payment_method: Method | None = None


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event, topic="orders.order_cancelled.v1", key="order_id"):
    """The order is cancelled; what was paid for it is being refunded. `reason` is a stable code."""

    order_id: UUID
    checkout_id: UUID
    shop_id: UUID
    buyer_id: UUID
    reason: str
    version: int


@dataclass(frozen=True, kw_only=True)
class OrderAccepted(Event, topic="orders.order_accepted.v1", key="order_id"):
    """The shop has accepted the order and prepares it."""

    order_id: UUID
    shop_id: UUID
    buyer_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class OrderShipped(Event, topic="orders.order_shipped.v1", key="order_id"):
    """A parcel was shipped; `complete` if it was the last one."""

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
    """All parcels of the order have arrived; cash on delivery was collected."""

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
    """The shopper has received the order, or the time for objections is over."""

    order_id: UUID
    checkout_id: UUID
    shop_id: UUID
    buyer_id: UUID
    lines: tuple[LineState, ...]
    amounts: OrderAmounts
    version: int


@dataclass(frozen=True, kw_only=True)
class AfterSaleOpened(Event, topic="orders.after_sale_opened.v1", key="order_id"):
    """A refund of an order was requested."""

    refund_id: UUID
    order_id: UUID
    shop_id: UUID
    buyer_id: UUID
    amount: Money


@dataclass(frozen=True, kw_only=True)
class AfterSaleClosed(Event, topic="orders.after_sale_closed.v1", key="order_id"):
    """The case is closed; if `refunded`, the lines and amounts include this refund of `amount`."""

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
    """Orders stores no personal data of the person any more; `rows` is the number of erased rows."""


class OpenMatterKind(StrEnum):
    """The kinds of open matters."""

    CHECKOUT = "checkout"
    ORDER = "order"
    REFUND = "refund"


@dataclass(frozen=True, kw_only=True)
class OpenMatter:
    """A checkout, an order or a refund that has not ended."""

    kind: OpenMatterKind
    id: UUID


class ErasureRefusal(StrEnum):
    """Why an erasure was refused."""

    MATTERS_OPEN = "matters_open"


@dataclass(frozen=True, kw_only=True)
class ErasureRefused(Event, topic="orders.erasure_refused.v1", key="user_id"):
    """Nothing was erased, since checkouts, orders or refunds have not ended. `open` are up to 50 of them."""

    user_id: UUID
    reason: ErasureRefusal
    open: tuple[OpenMatter, ...] = ()
