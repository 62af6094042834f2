"""Which discounts may not be combined, as data."""

from collections.abc import Collection, Iterable

# Sets of sources whose discounts may not be on one line together; a set of one: not two of that source.
NOT_COMBINABLE: frozenset[frozenset[str]] = frozenset(
    {
        frozenset({"coupon"}),  # a coupon applies to all goods of its shop: one coupon per shop
    }
)


def conflicting_source(
    present: Iterable[str], source: str, not_combinable: Collection[frozenset[str]]
) -> str | None:
    """The first of the sources `present` that the table `not_combinable` does not allow with `source`."""
    return next((each for each in present if frozenset({each, source}) in not_combinable), None)
