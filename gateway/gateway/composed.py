"""What the gateway answers where it joins the answers of two services."""

from dataclasses import dataclass
from enum import StrEnum

from shared.contracts.marketing import views


class StockCode(StrEnum):
    """Whether so many pieces can be had now."""

    AVAILABLE = "available"
    SHORT = "short"


@dataclass(frozen=True, kw_only=True)
class LineStock:
    """Whether a line can be had now, and how many pieces there are. Nothing is set aside."""

    code: StockCode
    available: int


@dataclass(frozen=True, kw_only=True)
class QuoteLine(views.QuoteLine):
    """A line of a quote; `stock` is null while catalog is away."""

    stock: LineStock | None


@dataclass(frozen=True, kw_only=True)
class ShopQuote(views.ShopQuote):
    """What one shop gets: total = goods - discount + shipping; becomes one order."""

    lines: tuple[QuoteLine, ...]


@dataclass(frozen=True, kw_only=True)
class Quote(views.Quote):
    """A price that holds until `expires_at`, every amount with its reasons; `token` orders at it."""

    shops: tuple[ShopQuote, ...]
