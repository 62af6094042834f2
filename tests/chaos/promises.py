"""The promises of a run: what was confirmed by a 2xx, and so must hold at the end.

Kept for each checkout, order, refund and parcel. Unconfirmed changes may be missing, but only completely; the
auditor checks that.
"""

from dataclasses import dataclass, field


@dataclass
class Sale:
    """A checkout that was answered with 201, and the promises about it."""

    shopper: object
    key: str
    body: dict
    placed: dict
    coupon_id: str | None = None
    trade: str | None = None  # the provider's number
    refund_plan: str | None = None  # outcome of its next refund at the provider; None: success
    paid: bool = False  # confirmed by the provider
    cancelled: bool = False  # the cancellation of the whole checkout was confirmed
    orders: dict = field(default_factory=dict)  # order id → Promised

    def __post_init__(self):
        self.orders = {order["order_id"]: Promised(order) for order in self.placed["orders"]}

    @property
    def checkout_id(self) -> str:
        return self.placed["checkout_id"]


@dataclass
class Promised:
    """The promises about one order."""

    order: dict
    accepted: bool = False
    cancelled: bool = False  # by the shopper, or refused by the merchant
    parcels: list[str] = field(default_factory=list)  # tracking numbers
    delivered: list[str] = field(default_factory=list)  # tracking numbers whose delivery report was accepted
    received: bool = False
    refunds: dict = field(default_factory=dict)  # refund id → requested, approved or refused


@dataclass
class Promises:
    """All sales of a run, with their shoppers."""

    sales: list[Sale] = field(default_factory=list)
    accounts: list[dict] = field(default_factory=list)
    coupons: dict[str, object] = field(default_factory=dict)  # coupon id → its shopper

    def sold(self, *args, **named) -> Sale:
        sale = Sale(*args, **named)
        self.sales.append(sale)
        return sale
