"""The answers of orders about carts, checkouts, orders, parcels and refunds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.catalog import StockRefusal
from shared.contracts.marketing import Allocation, Benefit
from shared.contracts.orders.codes import (
    CancellationReason,
    CheckoutState,
    MergeRefusal,
    OrderActor,
    OrderState,
    ParcelState,
    RefundFailure,
    RefundKind,
    RefundPolicy,
    RefundReason,
    RefundState,
)
from shared.contracts.payments import Method
from shared.contracts.sagas.views import SagaView
from shared.contracts.texts import AmountReason, BilingualName, BilingualText
from shared.money import Money
from shared.shapes import person_name, phone_number


@dataclass(frozen=True, kw_only=True)
class CartLine:
    """A quantity of a SKU."""

    sku_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Cart:
    """A cart; an empty one of a shopper has no id. `version` grows when its lines change."""

    cart_id: UUID | None
    version: int
    lines: tuple[CartLine, ...]


@dataclass(frozen=True, kw_only=True)
class UnmergedLine:
    """A line that was not merged and remains in the guest's cart."""

    sku_id: UUID
    quantity: int
    reason: MergeRefusal


@dataclass(frozen=True, kw_only=True)
class MergedCart(Cart):
    """The shopper's cart after a merge, and the guest's lines that were not merged."""

    not_merged: tuple[UnmergedLine, ...]


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A delivery address, with the place names of the division list."""

    country: str
    division_code: str
    province: str
    city: str
    district: str
    street: str
    postcode: str


@dataclass(frozen=True, kw_only=True)
class Contact:
    """The recipient of a delivery."""

    name: str = person_name(60)
    phone: str = phone_number(5)


@dataclass(frozen=True, kw_only=True)
class UnavailableLine:
    """A SKU of which `wanted` units were requested, but only `available` could be reserved."""

    sku_id: UUID
    wanted: int
    available: int
    reason: StockRefusal


@dataclass(frozen=True, kw_only=True)
class CheckoutRefusal:
    """Why a checkout was refused: lines that were unavailable, benefits that could not be used."""

    lines: tuple[UnavailableLine, ...]
    benefits: tuple[Benefit, ...]


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """An order line for a SKU; `paid` is for the whole quantity, after discounts."""

    line_id: UUID
    product_id: UUID
    sku_id: UUID
    title: str
    options: str
    image: str | None
    quantity: int
    refundable_quantity: int
    unit_price: Money
    discount: Money
    paid: Money
    allocations: tuple[Allocation, ...]
    why: tuple[AmountReason, ...]


@dataclass(frozen=True, kw_only=True)
class Order:
    """The part of a checkout that one shop fulfils. `reason_text` is the explanation of who cancelled it.

    `shipping` is the paid shipping fee, after the discounts in `shipping_allocations`.
    """

    order_id: UUID
    number: str
    checkout_id: UUID
    payment_id: UUID
    shop_id: UUID
    buyer_id: UUID
    state: OrderState
    reason: CancellationReason | None
    reason_text: str | None
    refusal: CheckoutRefusal | None
    goods: Money
    discount: Money
    shipping: Money
    total: Money
    refunded: Money
    refund_policy: RefundPolicy
    version: int
    placed_at: datetime
    lines: tuple[OrderLine, ...]
    shipping_allocations: tuple[Allocation, ...]


@dataclass(frozen=True, kw_only=True)
class OrderSagas:
    """An order without personal data, and the sagas of its checkout, its cancellation and its refunds."""

    order_id: UUID
    number: str
    checkout_id: UUID
    payment_id: UUID
    shop_id: UUID
    state: OrderState
    reason: CancellationReason | None
    total: Money
    refunded: Money
    placed_at: datetime
    sagas: tuple[SagaView, ...]


@dataclass(frozen=True, kw_only=True)
class RefundPreviewLine:
    """A quantity of a line, and the amount that its refund would pay."""

    line_id: UUID
    quantity: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class RefundPreview:
    """What a refund would pay if it were requested and approved now, by line, with the reasons.

    `amount` is the sum of the lines' amounts and `shipping`, less `difference`: what is retained because the
    remaining lines are priced again. If it is negative, an amount that an earlier refund retained is refunded.
    """

    order_id: UUID
    kind: RefundKind
    lines: tuple[RefundPreviewLine, ...]
    shipping: Money
    difference: Money
    amount: Money
    why: tuple[AmountReason, ...]


@dataclass(frozen=True, kw_only=True)
class Refund(RefundPreview):
    """A refund and what it pays, or would pay if it were approved now. `reason_text` is the requester's reason."""

    refund_id: UUID
    state: RefundState
    reason: RefundReason
    reason_text: str | None
    failure: RefundFailure | None
    requested_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ParcelLine:
    """A quantity of an order line in a parcel."""

    line_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True)
class ParcelEvent:
    """A carrier's report about a parcel."""

    at: datetime
    event: ParcelState
    place: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A parcel with its trace. `number_shared`: another shop has a parcel with the same carrier and number."""

    parcel_id: UUID
    carrier: str
    tracking_number: str
    state: ParcelState
    lines: tuple[ParcelLine, ...]
    shipped_at: datetime
    expected_at: datetime | None
    delivered_at: datetime | None
    number_shared: bool
    trace: tuple[ParcelEvent, ...]


@dataclass(frozen=True, kw_only=True)
class OrderStep:
    """A change of the order's state, and by whom; for a shipped parcel, `note` is its tracking number."""

    state: OrderState
    actor: OrderActor
    reason: CancellationReason | None
    note: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderDetails(Order):
    """An order with its delivery address, timeline, parcels and refunds.

    `address` and `contact` are null once the buyer is erased.
    """

    address: Destination | None
    contact: Contact | None
    note: str
    payment_method: Method
    steps: tuple[OrderStep, ...]
    parcels: tuple[Parcel, ...]
    refunds: tuple[Refund, ...]


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """What is paid at once: one order for each shop.

    `expires_at` is the deadline for the payment; for an open payment, its own `expires_at` applies.
    `address` and `contact` are null once the buyer is erased.
    """

    checkout_id: UUID
    quote_id: UUID
    payment_id: UUID
    state: CheckoutState
    reason: CancellationReason | None
    refusal: CheckoutRefusal | None
    payment_method: Method
    total: Money
    address: Destination | None
    contact: Contact | None
    note: str
    expires_at: datetime
    created_at: datetime
    orders: tuple[Order, ...]


@dataclass(frozen=True, kw_only=True)
class ShopRefundPolicy:
    """The refund policy for a shop's future orders, explained in both languages."""

    shop_id: UUID
    policy: RefundPolicy
    text: BilingualText


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """A carrier: `name` identifies it in requests, `names` are its display names."""

    name: str
    names: BilingualName


@dataclass(frozen=True, kw_only=True)
class ReportedParcel:
    """A parcel that matches a carrier's report."""

    parcel_id: UUID
    order_id: UUID
    shop_id: UUID
    state: ParcelState
    shipped_at: datetime


@dataclass(frozen=True, kw_only=True)
class CarrierReport:
    """A carrier's report that matches `parcels` of several shops; it has no effect until an operator decides."""

    report_id: UUID
    carrier: str
    tracking_number: str
    event: ParcelState
    at: datetime
    place: str
    text: str
    received_at: datetime
    parcels: tuple[ReportedParcel, ...]
