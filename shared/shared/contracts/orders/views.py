"""What orders answers about carts, checkouts, orders, parcels and refunds."""

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
from shared.contracts.texts import AmountReason, BilingualName, BilingualText
from shared.money import Money
from shared.shapes import person_name, phone_number


@dataclass(frozen=True, kw_only=True)
class CartLine:
    """So many pieces of a SKU."""

    sku_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Cart:
    """A cart; a shopper's own has no id before something is in it. `version` grows when its lines change."""

    cart_id: UUID | None
    version: int
    lines: tuple[CartLine, ...]


@dataclass(frozen=True, kw_only=True)
class UnmergedLine:
    """A guest's line that found no room, and stays in the guest's cart."""

    sku_id: UUID
    quantity: int
    reason: MergeRefusal


@dataclass(frozen=True, kw_only=True)
class MergedCart(Cart):
    """The shopper's cart after a merge, and what of the guest's did not fit."""

    not_merged: tuple[UnmergedLine, ...]


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where the goods go, its place as the division list names it."""

    country: str
    division_code: str
    province: str
    city: str
    district: str
    street: str
    postcode: str


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who takes the goods."""

    name: str = person_name(60)
    phone: str = phone_number(5)


@dataclass(frozen=True, kw_only=True)
class UnavailableLine:
    """A SKU of which `wanted` pieces could not be had, and how many could."""

    sku_id: UUID
    wanted: int
    available: int
    reason: StockRefusal


@dataclass(frozen=True, kw_only=True)
class CheckoutRefusal:
    """What stood in the way: lines that could not be had, benefits that could not be used."""

    lines: tuple[UnavailableLine, ...]
    benefits: tuple[Benefit, ...]


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """What was bought of a SKU; `paid` is for all pieces, after discounts."""

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
    """What one shop handles of a checkout. `reason_text` is what the person who cancelled it typed.

    `shipping` is what is paid for it; `shipping_allocations` were taken off before.
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
class RefundPreviewLine:
    """So many pieces of a line, and what they would pay back."""

    line_id: UUID
    quantity: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class RefundPreview:
    """What a refund would pay if it were requested and granted now, by line, and why.

    `amount` is the lines' amounts and `shipping`, less `difference`, which the order keeps since what stays of it
    is priced again; below zero, what an earlier refund left there comes back.
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
    """A refund and what it pays, or would pay if it were granted now. `reason_text` is what a person typed."""

    refund_id: UUID
    state: RefundState
    reason: RefundReason
    reason_text: str | None
    failure: RefundFailure | None
    requested_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ParcelLine:
    """So many pieces of an order's line in a parcel."""

    line_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True)
class ParcelEvent:
    """What a carrier reported of a parcel."""

    at: datetime
    event: ParcelState
    place: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A parcel and its way so far. `number_shared`: another shop sent one with this carrier and number."""

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
    """A state that the order came to, and who moved it; of a parcel that was sent, `note` is its number."""

    state: OrderState
    actor: OrderActor
    reason: CancellationReason | None
    note: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderDetails(Order):
    """An order with its destination, its time line, its parcels and its refunds.

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

    `expires_at` is when it will be too late to pay; of an open payment its own `expires_at` counts.
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
    """What refunds of a shop's next orders pay, explained in both languages."""

    shop_id: UUID
    policy: RefundPolicy
    text: BilingualText


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """Who brings parcels: the name that a shipment gives, and its names for people."""

    name: str
    names: BilingualName


@dataclass(frozen=True, kw_only=True)
class ReportedParcel:
    """A parcel that a carrier's report may be about."""

    parcel_id: UUID
    order_id: UUID
    shop_id: UUID
    state: ParcelState
    shipped_at: datetime


@dataclass(frozen=True, kw_only=True)
class CarrierReport:
    """A carrier's report that fits several shops' `parcels`; it moves none of them until somebody has decided."""

    report_id: UUID
    carrier: str
    tracking_number: str
    event: ParcelState
    at: datetime
    place: str
    text: str
    received_at: datetime
    parcels: tuple[ReportedParcel, ...]
