"""Checkouts, orders, parcels, refunds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from gateway.schemas.lists import Page
from shared.contracts.payments import Method
from shared.contracts.texts import BilingualName
from shared.money import Money
from shared.shapes import identifier, paragraphs, parcel_number, person_name, phone_number, raw, text, whole


class Policy(StrEnum):
    """What a refund before shipping pays: shares fixed with the order, or less where what stays costs more."""

    FROZEN_SHARES = "frozen_shares"
    REPRICE_BEFORE_SHIPPING = "reprice_before_shipping"


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where the goods go: names, a code of the division list, or both, which then mean one place."""

    country: str = identifier(2, 2, default="CN")
    division_code: str | None = identifier(6, 6, default=None)
    province: str = text(40, 0, default="")
    city: str = text(40, 0, default="")
    district: str = text(40, 0, default="")
    street: str = text(200)
    postcode: str = identifier(12, 0, default="")


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who takes them."""

    name: str = person_name(60)
    phone: str = phone_number(5)


@dataclass(frozen=True, kw_only=True)
class NewCheckout:
    """A quote to be ordered."""

    quote_token: str = raw(262_144)
    address: Destination
    contact: Contact
    note: str = paragraphs(500, 0, default="")
    payment_method: Method


@dataclass(frozen=True, kw_only=True)
class RefusedLine:
    """A SKU of which `wanted` pieces could not be had: `out_of_stock` or `off_shelf`."""

    sku_id: UUID
    wanted: int
    available: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderRefusal:
    """What stood in the way: lines that could not be had, coupons that could not be used."""

    lines: tuple[RefusedLine, ...]
    coupon_ids: tuple[UUID, ...]


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
    why: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Order:
    """What one shop handles of a checkout."""

    order_id: UUID
    number: str
    checkout_id: UUID
    payment_id: UUID
    shop_id: UUID
    buyer_id: UUID
    state: str
    reason: str | None
    refusal: OrderRefusal | None
    goods: Money
    discount: Money
    shipping: Money
    total: Money
    refunded: Money
    refund_policy: str
    version: int
    placed_at: datetime
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, kw_only=True)
class RefundPreview:
    """What a refund would pay if it were asked for and granted now, by line, and why."""

    order_id: UUID
    kind: str
    lines: tuple[Any, ...]
    shipping: Money
    difference: Money
    amount: Money
    why: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Refund(RefundPreview):
    """Money asked back: `requested`, `running`, `refunded`, `refused` or `failed`.

    `amount` is what it pays, or would pay if it were granted now: the lines' amounts and `shipping`, less
    `difference`, which the order keeps since what stays of it is priced again; `why` explains it.
    """

    refund_id: UUID
    state: str
    reason: str
    failure: str | None
    asked_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A parcel and its way so far. `number_shared`: another shop sent one with this carrier and number."""

    parcel_id: UUID
    carrier: str
    tracking_number: str
    state: str
    lines: tuple[Any, ...]
    shipped_at: datetime
    expected_at: datetime | None
    delivered_at: datetime | None
    number_shared: bool
    trace: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """Who brings parcels: the name that a shipment gives, and its names for people."""

    name: str
    names: BilingualName


@dataclass(frozen=True, kw_only=True)
class WholeOrder(Order):
    """An order with its destination, its time line, its parcels and its refunds."""

    address: Destination
    contact: Contact
    note: str
    payment_method: str
    steps: tuple[Any, ...]
    parcels: tuple[Parcel, ...]
    refunds: tuple[Refund, ...]


@dataclass(frozen=True, kw_only=True)
class Payment:
    """How a checkout is paid; `code_url` is the content of the QR code while it can be paid by one."""

    payment_id: UUID
    checkout_id: UUID
    state: str
    method: str
    amount: Money
    code_url: str | None
    expires_at: datetime
    captured_at: datetime | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """What is paid at once: one order for each shop.

    `expires_at` is when it will be too late to pay; of an open payment its own `expires_at` counts.
    """

    checkout_id: UUID
    quote_id: UUID
    payment_id: UUID
    state: str
    reason: str | None
    refusal: OrderRefusal | None
    payment_method: str
    total: Money
    address: Destination
    contact: Contact
    note: str
    expires_at: datetime
    created_at: datetime
    orders: tuple[Order, ...]


@dataclass(frozen=True, kw_only=True)
class PaidCheckout(Checkout):
    """A checkout with its payment, null while there is none."""

    payment: Payment | None


@dataclass(frozen=True, kw_only=True)
class OrderSearch(Page):
    """Orders in one state, or in all."""

    state: str | None = identifier(20, default=None)


@dataclass(frozen=True, kw_only=True)
class ShopOrderSearch(OrderSearch):
    """A shop's orders."""

    shop_id: UUID


@dataclass(frozen=True, kw_only=True)
class ShopPage(Page):
    """A page of a shop's list."""

    shop_id: UUID


@dataclass(frozen=True, kw_only=True)
class Because:
    """Why."""

    reason: str = paragraphs(500)


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """Some pieces of an order's line."""

    line_id: UUID
    quantity: int = whole(1, 9999)


@dataclass(frozen=True, kw_only=True)
class RefundedPieces:
    """Some pieces, or with `whole` all that is left of the order."""

    lines: tuple[Pieces, ...] = text(100, 0, default=())
    whole: bool = False


@dataclass(frozen=True, kw_only=True)
class RefundWish(RefundedPieces):
    """Money back for them; with `amount` (minor units) only if that is what it would pay."""

    reason: str = paragraphs(500)
    amount: int | None = whole(0, 2**53, default=None)


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A sentence in Simplified Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class RefundPolicy:
    """`frozen_shares` or `reprice_before_shipping`, explained in both languages."""

    shop_id: UUID
    policy: str
    text: Explanation


@dataclass(frozen=True, kw_only=True)
class PolicyChoice:
    """What refunds of the shop's next orders pay: `frozen_shares` or `reprice_before_shipping`."""

    policy: Policy


@dataclass(frozen=True, kw_only=True)
class Approval:
    """With `amount` (minor units), what the merchant was shown: refused if it pays another amount by now."""

    amount: int | None = whole(0, 2**53, default=None)


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """A parcel with some pieces of the order; without `lines` all that is left."""

    carrier: str = identifier(40)
    tracking_number: str = parcel_number()
    lines: tuple[Pieces, ...] = text(100, 0, default=())
