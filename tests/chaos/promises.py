"""The ledger of promises: what was answered 2xx, and so must be true at the end.

Kept for each thing: checkout, order, refund, parcel. What was not promised need not be, but then it must be there
wholly or not at all, which the auditor looks at.
"""

from dataclasses import dataclass, field


@dataclass
class Sale:
    """A checkout that was answered 201, with what was promised about it afterwards."""

    shopper: object
    key: str
    body: dict
    placed: dict
    coupon_id: str | None = None
    trade: str | None = None  # the provider's number
    fate: str | None = None  # what becomes of its next refund at the provider, if it does not simply arrive
    paid: bool = False  # the provider said that it took the money
    cancelled: bool = False  # cancelling the whole checkout was answered 2xx
    orders: dict = field(default_factory=dict)  # order id → Promised

    def __post_init__(self):
        self.orders = {order["order_id"]: Promised(order) for order in self.placed["orders"]}

    @property
    def checkout_id(self) -> str:
        return self.placed["checkout_id"]


@dataclass
class Promised:
    """One order of it."""

    order: dict
    accepted: bool = False
    cancelled: bool = False  # by the shopper, or refused by the merchant
    parcels: list[str] = field(default_factory=list)  # tracking numbers
    delivered: list[str] = field(default_factory=list)  # tracking numbers that the carrier's report was taken for
    received: bool = False
    refunds: dict = field(default_factory=dict)  # refund id → requested, approved or refused


@dataclass
class Promises:
    """All sales of a run, and who made them."""

    sales: list[Sale] = field(default_factory=list)
    accounts: list[dict] = field(default_factory=list)
    coupons: dict[str, object] = field(default_factory=dict)  # coupon id → its shopper

    def sold(self, *args, **named) -> Sale:
        sale = Sale(*args, **named)
        self.sales.append(sale)
        return sale
