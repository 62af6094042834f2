"""Which discounts may meet, as data."""

from collections.abc import Collection, Iterable

# Sources of discounts that may not lie on one line together; a source alone: not two of it. All others may meet.
APART: frozenset[frozenset[str]] = frozenset(
    {
        frozenset({"coupon"}),  # a coupon is for all goods of its shop: one coupon per shop
    }
)


def in_the_way(present: Iterable[str], source: str, apart: Collection[frozenset[str]]) -> str | None:
    """The first of the sources `present` that may not meet `source`, by the table `apart`."""
    return next((each for each in present if frozenset({each, source}) in apart), None)
