"""The basket during pricing: immutable, each rule returns a new one."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from marketing.pricing.model.discounts import Allocation, Discount, shares
from marketing.pricing.model.quotes import DiscountTerms, ShippingTerms
from marketing.pricing.model.reasons import Reason
from marketing.pricing.model.shipping import Zone
from marketing.pricing.model.stacking import NOT_COMBINABLE, conflicting_source
from shared.contracts.line_kinds import LineKind
from shared.money import Money, total, zero


@dataclass(frozen=True, slots=True)
class Price:
    """The list price of a SKU, and what is shown of it."""

    sku_id: UUID
    product_id: UUID
    shop_id: UUID
    title: str
    options: str
    image: str | None
    amount: Money
    category: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A charged line: `subtotal` less its allocations, never below zero; `why` has the reasons for all of it."""

    subtotal: Money
    allocations: tuple[Allocation, ...] = ()
    why: tuple[Reason, ...] = ()
    kind: LineKind = LineKind.SHIPPING

    def __post_init__(self) -> None:
        if self.paid.amount < 0:
            raise ValueError(f"a line of {self.subtotal} cannot be discounted by {self.discount}")

    @property
    def discount(self) -> Money:
        return total((each.amount for each in self.allocations), self.subtotal.currency)

    @property
    def paid(self) -> Money:
        return self.subtotal - self.discount

    def less(self, allocation: Allocation, why: Reason) -> Self:
        """The line with an allocation, unless its amount is zero, and its reason."""
        allocations = (*self.allocations, allocation) if allocation.amount else self.allocations
        return replace(self, allocations=allocations, why=(*self.why, why))


@dataclass(frozen=True, kw_only=True, slots=True)
class GoodsLine(Line):
    """`quantity` units of a SKU."""

    listed: Price
    quantity: int
    kind: LineKind = LineKind.GOODS


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopPart:
    """One shop's part of the basket. Goods are in the order of their SKU ids, whatever order the basket has.

    `why` has the reasons that concern several lines; `discounts` and `shipping_terms` are the terms that it was
    priced by, as far as they are thresholds.
    """

    shop_id: UUID
    goods: tuple[GoodsLine, ...]
    shipping: Line
    why: tuple[Reason, ...] = ()
    discounts: tuple[DiscountTerms, ...] = ()
    shipping_terms: ShippingTerms | None = None

    @property
    def currency(self) -> str:
        return self.goods[0].subtotal.currency

    @property
    def subtotal(self) -> Money:
        """The price of the goods before any discount."""
        return total((line.subtotal for line in self.goods), self.currency)

    @property
    def paid(self) -> Money:
        """The price of the goods after the discounts so far."""
        return total((line.paid for line in self.goods), self.currency)

    def conflicting_source(self, source: str, not_combinable: Collection[frozenset[str]]) -> str | None:
        """The first source of a discount on these goods that may not be combined with `source`."""
        present = dict.fromkeys(each.source for line in self.goods for each in line.allocations)
        return conflicting_source(present, source, not_combinable)

    def less(self, discount: Discount, skus: Collection[UUID] | None = None) -> Self:
        """Spread a discount over the goods, or over those of `skus`, in proportion to their price so far.

        The discount is at most that price; each line and the shop's part get its reason.
        """
        which = [at for at, line in enumerate(self.goods) if skus is None or line.listed.sku_id in skus]
        goods, found = list(self.goods), shares(discount, [self.goods[at].paid for at in which])
        for at, allocation in zip(which, found, strict=True):
            goods[at] = goods[at].less(allocation, discount.why_share(allocation.amount))
        saved = total((each.amount for each in found), self.currency)
        return replace(self, goods=tuple(goods), why=(*self.why, discount.why(saved)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Basket:
    """A basket, by shop."""

    shops: tuple[ShopPart, ...]

    def part(self, shop_id: UUID) -> ShopPart | None:
        """The shop's part of the basket, if it has one."""
        return next((part for part in self.shops if part.shop_id == shop_id), None)

    def with_part(self, changed: ShopPart) -> Self:
        """The basket with the shop's part replaced."""
        return self.each_shop(lambda part: changed if part.shop_id == changed.shop_id else part)

    def each_shop(self, changed: Callable[[ShopPart], ShopPart]) -> Self:
        """The basket with every shop's part changed."""
        return replace(self, shops=tuple(map(changed, self.shops)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """The input of rules beside the basket. `rights` are those of the buyer's `benefits`, by kind.

    `not_combinable` is the stacking table; `benefits` are as requested, to be returned with the price.
    """

    prices: Mapping[UUID, Price]
    zone: Zone
    at: datetime
    rights: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    benefits: tuple[Any, ...] = ()
    not_combinable: Collection[frozenset[str]] = NOT_COMBINABLE


Rule = Callable[[Basket, Context], Basket]


def basket_of(wants: Mapping[UUID, int], prices: Mapping[UUID, Price]) -> Basket:
    """An unpriced basket, shops and goods in the order of their ids. Every SKU must be in `prices`."""
    shop_ids = sorted({prices[sku_id].shop_id for sku_id in wants})
    return Basket(shops=tuple(_part(each, _goods(each, wants, prices)) for each in shop_ids))


def _part(shop_id: UUID, goods: tuple[GoodsLine, ...]) -> ShopPart:
    return ShopPart(shop_id=shop_id, goods=goods, shipping=Line(subtotal=zero(goods[0].subtotal.currency)))


def _goods(shop_id: UUID, wants: Mapping[UUID, int], prices: Mapping[UUID, Price]) -> tuple[GoodsLine, ...]:
    own: Iterable[Price] = (prices[sku_id] for sku_id in sorted(wants) if prices[sku_id].shop_id == shop_id)
    return tuple(
        GoodsLine(listed=each, quantity=wants[each.sku_id], subtotal=zero(each.amount.currency)) for each in own
    )
