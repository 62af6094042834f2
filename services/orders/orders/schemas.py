"""The shapes of what orders is asked over RPC. What does not fit is refused with the field's path."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from orders.domain.terms import Policy
from shared import places, shapes
from shared.contracts.payments import Method
from shared.sagas.overview import Search
from shared.shapes import (
    Misshapen,
    identifier,
    paragraphs,
    parcel_number,
    person_name,
    phone_number,
    raw,
    text,
    whole,
)


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the goods go: names, a code of the division list, or both, which then mean one place."""

    country: str = identifier(2, 2, default="CN")
    division_code: str | None = identifier(6, 6, default=None)
    province: str = text(40, 0, default="")
    city: str = text(40, 0, default="")
    district: str = text(40, 0, default="")
    street: str = text(200)
    postcode: str = identifier(12, 0, default="")

    def document(self) -> dict[str, Any]:
        """The address as it is kept: its place as the list names it. Raises as `places.find` does."""
        return {**asdict(places.of(self)), "street": self.street, "postcode": self.postcode}


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who takes them."""

    name: str = person_name(60)
    phone: str = phone_number(5)


@dataclass(frozen=True, kw_only=True)
class CheckOut:
    """A quote to be ordered."""

    quote_token: str = raw(262_144)  # a hundred lines with long titles take about half of it
    address: Address
    contact: Contact
    note: str = paragraphs(500, 0, default="")
    payment_method: Method
    idempotency_key: str = raw(255)

    def address_document(self) -> dict[str, Any]:
        return self.address.document()

    def contact_document(self) -> dict[str, Any]:
        return shapes.dump(self.contact)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of a list: `limit` items after `cursor`."""

    cursor: UUID | None = None
    limit: int = whole(1, 100, default=20)
    state: str | None = identifier(20, default=None)


@dataclass(frozen=True, kw_only=True)
class ShopPage(Page):
    """A page of a shop's list."""

    shop_id: UUID


@dataclass(frozen=True, kw_only=True)
class CartLine:
    """So many pieces of a SKU in the shopper's cart."""

    sku_id: UUID
    quantity: int = whole(1, 9999)


@dataclass(frozen=True, kw_only=True)
class CartSku:
    """A SKU in the shopper's cart."""

    sku_id: UUID


@dataclass(frozen=True, kw_only=True)
class GuestCartLine(CartLine):
    """So many pieces of a SKU in a guest's cart."""

    cart_id: UUID


@dataclass(frozen=True, kw_only=True)
class GuestCartSku(CartSku):
    """A SKU in a guest's cart."""

    cart_id: UUID


@dataclass(frozen=True, kw_only=True)
class GuestCart:
    """A guest's cart."""

    cart_id: UUID


@dataclass(frozen=True, kw_only=True)
class MergeCart:
    """The guest's cart that goes into the shopper's own."""

    guest_cart_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfCheckout:
    """One checkout."""

    checkout_id: UUID


class Held(StrEnum):
    """What a checkout may hold that is over."""

    STOCK = "stock"
    BENEFITS = "benefits"


@dataclass(frozen=True, kw_only=True)
class ReleaseOrphan:
    """What to let go of a checkout that is over."""

    checkout_id: UUID
    what: Held


@dataclass(frozen=True, kw_only=True)
class OfOrder:
    """One order."""

    order_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfRefund:
    """One refund."""

    refund_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApproveRefund(OfRefund):
    """A refund to be granted, if it pays `amount` (minor units) or whatever it shows."""

    amount: int | None = whole(0, 2**53, default=None)


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """An order that is not wanted any more, or cannot be delivered."""

    order_id: UUID
    reason: str = paragraphs(500)


@dataclass(frozen=True, kw_only=True)
class RefundWish:
    """`quantity` pieces of a line."""

    line_id: UUID
    quantity: int = whole(1, 9999)


@dataclass(frozen=True, kw_only=True)
class PreviewRefund:
    """Some pieces of an order, or with `whole` all that is left of it."""

    order_id: UUID
    lines: tuple[RefundWish, ...] = text(100, 0, default=())
    whole: bool = False

    def __post_init__(self) -> None:
        if self.whole == bool(self.lines):
            raise Misshapen({"lines": ["Name lines, or say whole: true."]})
        if len({wish.line_id for wish in self.lines}) < len(self.lines):
            raise Misshapen({"lines": ["Each line once."]})

    def wanted(self) -> list[tuple[UUID, int]] | None:
        """The pieces by line, None for all that is left."""
        return None if self.whole else [(wish.line_id, wish.quantity) for wish in self.lines]


@dataclass(frozen=True, kw_only=True)
class AskRefund(PreviewRefund):
    """Money back for them; with `amount` (minor units) only if the request would pay just that."""

    reason: str = paragraphs(500)
    amount: int | None = whole(0, 2**53, default=None)
    idempotency_key: str = raw(255)


@dataclass(frozen=True, kw_only=True)
class OfShop:
    """One shop."""

    shop_id: UUID


@dataclass(frozen=True, kw_only=True)
class SetRefundPolicy(OfShop):
    """What refunds of a shop's next orders pay."""

    policy: Policy


@dataclass(frozen=True, kw_only=True)
class Ship:
    """A parcel with some pieces of the order; without `lines` everything that is left."""

    order_id: UUID
    carrier: str = identifier(40)
    tracking_number: str = parcel_number()
    lines: tuple[RefundWish, ...] = text(100, 0, default=())


@dataclass(frozen=True, kw_only=True)
class CarrierEvent:
    """A carrier's message as it came, with its signature."""

    carrier: str = identifier(40)
    signature: str = raw(200, 0)
    body: str = raw(16_384)


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """A page of carriers' reports that wait for a decision."""

    cursor: UUID | None = None
    limit: int = whole(1, 100, default=20)


@dataclass(frozen=True, kw_only=True)
class DecideReport:
    """The parcel that a report was about, None for none of ours, and why."""

    report_id: UUID
    parcel_id: UUID | None
    note: str = paragraphs(500)


class SagaPage(Search):
    """A page of sagas, as `shared.sagas` searches them."""


@dataclass(frozen=True, kw_only=True)
class OfSaga:
    """One saga."""

    saga_id: UUID


@dataclass(frozen=True, kw_only=True)
class Click:
    """An operator's click on a saga that stood at `attempt`, and why."""

    saga_id: UUID
    attempt: int = whole(0, 2**31 - 1)
    note: str = paragraphs(500)
    idempotency_key: str = raw(255)
