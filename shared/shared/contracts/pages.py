"""Lists: what page is asked for, and a page of items with the cursor of the next one."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from shared.requests import Request
from shared.shapes import raw, whole

Item = TypeVar("Item")


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
