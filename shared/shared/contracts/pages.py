"""Paginated lists: the request for a page, and a page of items with the cursor of the next one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from shared.requests import Request
from shared.shapes import raw, whole

Item = TypeVar("Item")
Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class ListRequest(Request):
    """`limit` items after `cursor`, the `next` of the page before."""

    cursor: UUID | None = None
    limit: int = whole(1, 100, default=20)


@dataclass(frozen=True, kw_only=True)
class TextListRequest(Request):
    """`limit` items after `cursor`, the `next` of the page before."""

    cursor: str | None = raw(200, default=None)
    limit: int = whole(1, 100, default=20)


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """A page of items; `next` is null on the last one."""

    items: tuple[Item, ...]
    next: str | None


def page(rows: Sequence[Row], show: Callable[[Row], Item], key: Callable[[Row], UUID], limit: int) -> Page[Item]:
    """A page of at most `limit` items from `limit + 1` rows; `next` is the cursor of the next page, or null."""
    following = str(key(rows[limit - 1])) if len(rows) > limit else None
    return Page(items=tuple(map(show, rows[:limit])), next=following)
