"""What marketing answers, as JSON: ids as strings, money with its currency, moments in UTC."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from marketing.domain.campaigns import Campaign
from marketing.domain.coupons import Coupon
from marketing.domain.quotes import Quote
from shared import shapes

T = TypeVar("T")


def campaign(shown: Campaign) -> dict[str, Any]:
    """A campaign, its terms among its own fields."""
    return _with_terms(shown)


def coupon(shown: Coupon, at: datetime) -> dict[str, Any]:
    """A coupon for its owner; a free one whose time is over reads `expired`."""
    return _with_terms(shown) | {"state": shown.state_at(at)}


def quote(shown: Quote, quote_id: UUID, expires_at: datetime, token: str) -> dict[str, Any]:
    """A quote to be shown, and the signed token to order it with."""
    about = {"quote_id": str(quote_id), "expires_at": expires_at.isoformat(), "token": token}
    return about | shapes.dump(shown)


def page(items: Sequence[T], show: Callable[[T], dict[str, Any]], key: str, limit: int) -> dict[str, Any]:
    """One page of a list that was read one item too far: `next` is the cursor of the following page, or null."""
    shown = [show(item) for item in items[:limit]]
    return {"items": shown, "next": shown[-1][key] if len(items) > limit else None}


def _with_terms(shown: Campaign | Coupon) -> dict[str, Any]:
    document = shapes.dump(shown)
    return document | document.pop("terms")
