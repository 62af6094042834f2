"""A discount, and its allocations: which line it falls to, by whose terms, and who bears it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from marketing.pricing.model.reasons import Reason
from shared.money import Money, allocate, total, zero


@dataclass(frozen=True, kw_only=True, slots=True)
class Allocation:
    """The part of a discount that falls to one line: `shop` and `platform` bear so much of it.

    `source` is the stable code that its reason has too; `source_id` with `terms_version` names the terms.
    """

    source: str
    source_id: UUID
    terms_version: int
    shop: Money
    platform: Money

    @property
    def amount(self) -> Money:
        """What it takes off the line."""
        return self.shop + self.platform


@dataclass(frozen=True, kw_only=True, slots=True)
class Discount:
    """What a rule takes off several lines. It says why, for what it saves in all and for the share of a line."""

    source: str
    source_id: UUID
    terms_version: int
    shop: Money
    platform: Money
    why: Callable[[Money], Reason]
    why_share: Callable[[Money], Reason]


def shares(discount: Discount, costs: Sequence[Money]) -> list[Allocation]:
    """A discount spread over lines by what they cost, by largest remainder; no line gets more than it costs.

    What the shop bears is spread in the same way over what each line gets, the platform bears the rest.
    """
    amounts, of_shop = _both(discount, costs)
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


def _both(discount: Discount, costs: Sequence[Money]) -> tuple[list[Money], list[Money]]:
    """What each line gets, and what of it the shop bears."""
    wanted, none = discount.shop + discount.platform, zero(discount.shop.currency)
    most = min(wanted, total(costs, none.currency))
    if not most:
        return [none] * len(costs), [none] * len(costs)
    amounts = allocate(most, [cost.amount for cost in costs])
    of_shop, _ = allocate(most, [discount.shop.amount, discount.platform.amount])
    return amounts, allocate(of_shop, [amount.amount for amount in amounts])
