"""Which discounts may not be combined, as data."""

from collections.abc import Collection, Iterable

# Sources of discounts that may not be on one line together; a source alone: not two of it. All others may.
APART: frozenset[frozenset[str]] = frozenset(
    {
        frozenset({"coupon"}),  # a coupon applies to all goods of its shop: one coupon per shop
    }
)


def in_the_way(present: Iterable[str], source: str, apart: Collection[frozenset[str]]) -> str | None:
    """The first of the sources `present` that the table `apart` does not allow with `source`."""
    return next((each for each in present if frozenset({each, source}) in apart), None)
