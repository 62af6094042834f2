"""Lists: a page of items, and the cursor of the next page."""

from dataclasses import dataclass, make_dataclass
from functools import cache
from uuid import UUID

from shared.shapes import raw, whole


@dataclass(frozen=True, kw_only=True)
class Page:
    """`limit` items after `cursor`, the `next` of the page before."""

    cursor: UUID | None = None
    limit: int = whole(1, 100, default=20)


@dataclass(frozen=True, kw_only=True)
class TextPage:
    """`limit` items after `cursor`, the `next` of the page before."""

    cursor: str | None = raw(200, default=None)
    limit: int = whole(1, 100, default=20)


@cache
def page_of(item: type) -> type:
    """A page of these; `next` is null on the last one."""
    fields = [("items", tuple[item, ...]), ("next", str | None)]  # type: ignore[valid-type]
    return make_dataclass(f"{item.__name__}Page", fields, namespace={"__doc__": f"A page of {item.__name__}."})
