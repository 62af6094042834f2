"""The requests that orders answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.orders.codes import CheckoutState, OrderState, RefundPolicy, RefundState
from shared.contracts.orders.views import (
    Carrier,
    CarrierReport,
    Cart,
    Checkout,
    Contact,
    MergedCart,
    Order,
    OrderDetails,
    OrderSagas,
    Refund,
    RefundPreview,
    ShopRefundPolicy,
)
from shared.contracts.pages import ListRequest, Page
from shared.contracts.payments import Method
from shared.permissions import Permission
from shared.requests import Cached, Request
from shared.shapes import Misshapen, identifier, paragraphs, parcel_number, raw, text, timestamp, whole

LONGEST_TEXT = 500  # characters of a reason or note


# Carts


@dataclass(frozen=True, kw_only=True)
class GetCart(Request, answer=Cart, permission=Permission.CART_OWN):
    """Show the caller's cart."""


@dataclass(frozen=True, kw_only=True)
class PutCartLine(Request, answer=Cart, permission=Permission.CART_OWN):
    """Set the quantity of a line of the caller's cart."""

    sku_id: UUID
    quantity: int = whole(1, 9999)


@dataclass(frozen=True, kw_only=True)
class RemoveCartLine(Request, answer=Cart, permission=Permission.CART_OWN):
    """Remove a line from the caller's cart."""

    sku_id: UUID


@dataclass(frozen=True, kw_only=True)
class MergeCart(Request, answer=MergedCart, permission=Permission.CART_OWN):
    """Move a guest's cart into the caller's own."""

    guest_cart_id: UUID


@dataclass(frozen=True, kw_only=True)
class CreateGuestCart(Request, answer=Cart, permission=Permission.PUBLIC, switch="guest_carts"):
    """Create a cart without an account."""


@dataclass(frozen=True, kw_only=True)
class GetGuestCart(Request, answer=Cart, permission=Permission.PUBLIC):
    """Show a guest's cart; its id is sufficient for access."""

    cart_id: UUID


@dataclass(frozen=True, kw_only=True)
class PutGuestCartLine(Request, answer=Cart, permission=Permission.PUBLIC):
    """Set the quantity of a line of a guest's cart."""

    cart_id: UUID
    sku_id: UUID
    quantity: int = whole(1, 9999)


@dataclass(frozen=True, kw_only=True)
class RemoveGuestCartLine(Request, answer=Cart, permission=Permission.PUBLIC):
    """Remove a line from a guest's cart."""

    cart_id: UUID
    sku_id: UUID


# Checkouts


@dataclass(frozen=True, kw_only=True)
class DeliveryAddress:
    """A delivery address: its place is given by names, by a code of the division list, or by both."""

    country: str = identifier(2, 2, default="CN")
    division_code: str | None = identifier(6, 6, default=None)
    province: str = text(40, 0, default="")
    city: str = text(40, 0, default="")
    district: str = text(40, 0, default="")
    street: str = text(200)
    postcode: str = identifier(12, 0, default="")


@dataclass(frozen=True, kw_only=True)
class CheckOut(Request, answer=Checkout, permission=Permission.ORDERS_PLACE, keyed=True, switch="checkout"):
    """Order a quote: creates a checkout with one order for each shop.

    The same quote gives the same checkout, whatever the idempotency key. The number of open checkouts is limited.
    """

    quote_token: str = raw(262_144)  # a hundred lines with long titles take about half of it
    address: DeliveryAddress
    contact: Contact
    note: str = paragraphs(LONGEST_TEXT, 0, default="")
    payment_method: Method


@dataclass(frozen=True, kw_only=True)
class GetCheckout(
    Request, answer=Checkout, permission=Permission.ORDERS_OWN, cached=Cached(by=("checkout_id", "order_id"))
):
    """Show a checkout of the caller with its orders."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class ListCheckouts(ListRequest, answer=Page[Checkout], permission=Permission.ORDERS_OWN):
    """List the caller's checkouts, newest first, in some states or all; `placed` ones are not paid yet."""

    state: tuple[CheckoutState, ...] = text(len(CheckoutState), 0, default=())


@dataclass(frozen=True, kw_only=True)
class CancelCheckout(Request, answer=Checkout, permission=Permission.ORDERS_OWN):
    """Cancel a checkout: before payment the whole of it, afterwards every order that can still be cancelled."""

    checkout_id: UUID


# Orders and refunds, for the shopper


@dataclass(frozen=True, kw_only=True)
class ListOrders(ListRequest, answer=Page[Order], permission=Permission.ORDERS_OWN):
    """List the caller's orders, newest first, in some states or all."""

    state: tuple[OrderState, ...] = text(len(OrderState), 0, default=())


@dataclass(frozen=True, kw_only=True)
class GetOrder(Request, answer=OrderDetails, permission=Permission.ORDERS_OWN):
    """Show an order of the caller with its timeline, parcels and refunds."""

    order_id: UUID


@dataclass(frozen=True, kw_only=True)
class CancelOrder(Request, answer=OrderDetails, permission=Permission.ORDERS_OWN):
    """Cancel an order, without approval until the shop accepts it."""

    order_id: UUID
    reason_text: str = paragraphs(LONGEST_TEXT)


@dataclass(frozen=True, kw_only=True)
class ReceiveOrder(Request, answer=OrderDetails, permission=Permission.ORDERS_OWN):
    """Confirm the receipt of an order: it is completed."""

    order_id: UUID


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """A quantity of an order line."""

    line_id: UUID
    quantity: int = whole(1, 9999)


@dataclass(frozen=True, kw_only=True)
class RefundedPieces(Request):
    """Units of an order to refund, or with `whole` all that remain."""

    order_id: UUID
    lines: tuple[Pieces, ...] = text(100, 0, default=())
    whole: bool = False

    def __post_init__(self) -> None:
        if self.whole == bool(self.lines):
            raise Misshapen({"lines": ["Give either lines or whole: true."]})
        if len({each.line_id for each in self.lines}) < len(self.lines):
            raise Misshapen({"lines": ["A line is listed twice."]})

    def pieces(self) -> list[tuple[UUID, int]] | None:
        """The quantities by line, None for all that remain."""
        return None if self.whole else [(each.line_id, each.quantity) for each in self.lines]


@dataclass(frozen=True, kw_only=True)
class PreviewRefund(RefundedPieces, answer=RefundPreview, permission=Permission.REFUNDS_REQUEST):
    """Show what a refund of some units, or of all that remain, would pay, with the reasons; nothing is stored."""


@dataclass(frozen=True, kw_only=True)
class RequestRefund(
    RefundedPieces, answer=Refund, permission=Permission.REFUNDS_REQUEST, keyed=True, switch="refund_requests"
):
    """Request a refund of some units, or with `whole` of all that remain.

    With `amount` (minor units) it is refused unless it would pay exactly that.
    """

    reason_text: str = paragraphs(LONGEST_TEXT)
    amount: int | None = whole(0, 2**53, default=None)


@dataclass(frozen=True, kw_only=True)
class ListRefunds(Request, answer=Page[Refund], permission=Permission.ORDERS_OWN):
    """List the refunds of an order of the caller."""

    order_id: UUID


@dataclass(frozen=True, kw_only=True)
class ListOwnRefunds(ListRequest, answer=Page[Refund], permission=Permission.ORDERS_OWN):
    """List the caller's refunds, newest first, in some states or all."""

    state: tuple[RefundState, ...] = text(len(RefundState), 0, default=())


# Orders and refunds, for the shop


@dataclass(frozen=True, kw_only=True)
class ListShopOrders(
    ListRequest, answer=Page[Order], permission=Permission.ORDERS_READ, audit="order.list", reads=True
):
    """List a shop's orders, newest first, in some states or all.

    `number` is an order number or its first digits, six at least; orders placed from `placed_from` until before
    `placed_before` are listed.
    """

    shop_id: UUID
    state: tuple[OrderState, ...] = text(len(OrderState), 0, default=())
    placed_from: datetime | None = timestamp(default=None)
    placed_before: datetime | None = timestamp(default=None)
    number: str | None = identifier(20, 6, default=None)

    def __post_init__(self) -> None:
        if self.number is not None and not (self.number.isascii() and self.number.isdigit()):
            raise Misshapen({"number": ["Give the digits of an order number."]})


@dataclass(frozen=True, kw_only=True)
class GetShopOrder(
    Request, answer=OrderDetails, permission=Permission.ORDERS_READ, audit="order.read", reads=True, personal=True
):
    """Show an order of a shop with its timeline, parcels and refunds."""

    order_id: UUID


@dataclass(frozen=True, kw_only=True)
class FindOrder(Request, answer=OrderSagas, permission=Permission.SAGA_READ, audit=False):
    """Show an order by its number or its id, with the sagas that concern it."""

    number: str = text(100)


@dataclass(frozen=True, kw_only=True)
class AcceptOrder(
    Request, answer=OrderDetails, permission=Permission.ORDERS_ACCEPT, audit="order.accept", personal=True
):
    """Accept an order: the shop begins to prepare it."""

    order_id: UUID


@dataclass(frozen=True, kw_only=True)
class RefuseOrder(
    Request, answer=OrderDetails, permission=Permission.ORDERS_ACCEPT, audit="order.refuse", personal=True
):
    """Refuse an order: it is cancelled and refunded."""

    order_id: UUID
    reason_text: str = paragraphs(LONGEST_TEXT)


@dataclass(frozen=True, kw_only=True)
class ShipOrder(
    Request, answer=OrderDetails, permission=Permission.ORDERS_SHIP, audit="order.ship", personal=True
):
    """Ship a parcel with some units of the order; without `lines` with all that remain."""

    order_id: UUID
    carrier: str = identifier(40)
    tracking_number: str = parcel_number()
    lines: tuple[Pieces, ...] = text(100, 0, default=())


@dataclass(frozen=True, kw_only=True)
class ListShopRefunds(
    ListRequest, answer=Page[Refund], permission=Permission.ORDERS_READ, audit="refund.list", reads=True
):
    """List a shop's refunds, newest first, in some states or all."""

    shop_id: UUID
    state: tuple[RefundState, ...] = text(len(RefundState), 0, default=())


@dataclass(frozen=True, kw_only=True)
class ApproveRefund(Request, answer=Refund, permission=Permission.REFUNDS_DECIDE, audit="refund.approve"):
    """Approve a refund; with `amount` (minor units) it is refused unless it still pays exactly that."""

    refund_id: UUID
    amount: int | None = whole(0, 2**53, default=None)


@dataclass(frozen=True, kw_only=True)
class RefuseRefund(Request, answer=Refund, permission=Permission.REFUNDS_DECIDE, audit="refund.refuse"):
    """Refuse a refund: its units can be requested again."""

    refund_id: UUID


@dataclass(frozen=True, kw_only=True)
class GetRefundPolicy(Request, answer=ShopRefundPolicy, permission=Permission.PUBLIC):
    """Show the refund policy for a shop's future orders."""

    shop_id: UUID


@dataclass(frozen=True, kw_only=True)
class SetRefundPolicy(
    Request, answer=ShopRefundPolicy, permission=Permission.REFUND_POLICY_SET, audit="shop.refund_policy"
):
    """Set the refund policy for a shop's future orders."""

    shop_id: UUID
    policy: RefundPolicy


# Carriers


@dataclass(frozen=True, kw_only=True)
class ListCarriers(Request, answer=Page[Carrier], permission=Permission.PUBLIC):
    """List the carriers."""


@dataclass(frozen=True, kw_only=True)
class RecordCarrierEvent(Request, permission=Permission.PUBLIC):
    """Record a carrier's report about a parcel: the unchanged message with its signature."""

    carrier: str = identifier(40)
    signature: str = raw(200, 0)
    body: str = raw(16_384)


@dataclass(frozen=True, kw_only=True)
class ListCarrierReports(
    ListRequest, answer=Page[CarrierReport], permission=Permission.CARRIER_REPORTS_DECIDE, audit=False
):
    """List the carriers' reports that match several parcels and wait for a decision, newest first."""


@dataclass(frozen=True, kw_only=True)
class DecideCarrierReport(Request, permission=Permission.CARRIER_REPORTS_DECIDE, audit="carrier_report.decide"):
    """Decide which parcel a carrier's report is about, null for none, with a reason."""

    report_id: UUID
    parcel_id: UUID | None
    note: str = paragraphs(LONGEST_TEXT)
