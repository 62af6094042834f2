"""The lines of a checkout or refund: units of a SKU for an order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.errors import Invalid


class LinesInvalid(Invalid):
    """There must be lines, each of at least one unit."""

    code = "lines_invalid"


@dataclass(frozen=True, kw_only=True)
class Line:
    """`quantity` units of a SKU for one order of the checkout."""

    order_id: UUID
    sku_id: UUID
    quantity: int


def demand(lines: Iterable[Line]) -> dict[UUID, int]:
    """The total quantity of each SKU."""
    needed: Counter[UUID] = Counter()
    for line in lines:
        needed[line.sku_id] += line.quantity
    return dict(needed)


def merged(lines: Sequence[Line]) -> list[Line]:
    """The lines, with those of the same order and SKU merged. Raises LinesInvalid."""
    if not lines or any(line.quantity < 1 for line in lines):
        raise LinesInvalid
    sums: Counter[tuple[UUID, UUID]] = Counter()
    for line in lines:
        sums[line.order_id, line.sku_id] += line.quantity
    return [Line(order_id=order, sku_id=sku, quantity=quantity) for (order, sku), quantity in sums.items()]
