"""One page of a list."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from shared.contracts.pages import Page

T = TypeVar("T")
V = TypeVar("V")


def page(items: Sequence[T], show: Callable[[T], V], key: Callable[[T], UUID], limit: int) -> Page[V]:
    """One page of a list that was read one item too far: `next` is the cursor of the following page, or null."""
    following = str(key(items[limit - 1])) if len(items) > limit else None
    return Page(items=tuple(map(show, items[:limit])), next=following)
