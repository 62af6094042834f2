"""A discount and its allocations: their lines, their terms, and who bears them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from marketing.pricing.model.reasons import Reason
from shared.money import Money, allocate, total, zero


@dataclass(frozen=True, kw_only=True, slots=True)
class Allocation:
    """A line's part of a discount, split into what `shop` and `platform` bear.

    `source` is the stable code of its reason; `source_id` and `terms_version` identify the terms.
    """

    source: str
    source_id: UUID
    terms_version: int
    shop: Money
    platform: Money

    @property
    def amount(self) -> Money:
        """The discount on the line."""
        return self.shop + self.platform


@dataclass(frozen=True, kw_only=True, slots=True)
class Discount:
    """A rule's discount on several lines, with its reasons for the whole amount and for the share of a line."""

    source: str
    source_id: UUID
    terms_version: int
    shop: Money
    platform: Money
    why: Callable[[Money], Reason]
    why_share: Callable[[Money], Reason]


def shares(discount: Discount, costs: Sequence[Money]) -> list[Allocation]:
    """The discount spread over lines in proportion to `costs`, by largest remainder; at most a line's cost.

    The shop's part is spread in proportion to the lines' discounts; the platform bears the rest.
    """
    amounts, of_shop = _spread(discount, costs)
    return [
        Allocation(
            source=discount.source,
            source_id=discount.source_id,
            terms_version=discount.terms_version,
            shop=shop,
            platform=amount - shop,
        )
        for amount, shop in zip(amounts, of_shop, strict=True)
    ]


def _spread(discount: Discount, costs: Sequence[Money]) -> tuple[list[Money], list[Money]]:
    """Each line's discount, and the shop's part of it."""
    wanted, nothing = discount.shop + discount.platform, zero(discount.shop.currency)
    most = min(wanted, total(costs, nothing.currency))
    if not most:
        return [nothing] * len(costs), [nothing] * len(costs)
    amounts = allocate(most, [cost.amount for cost in costs])
    of_shop, _ = allocate(most, [discount.shop.amount, discount.platform.amount])
    return amounts, allocate(of_shop, [amount.amount for amount in amounts])
