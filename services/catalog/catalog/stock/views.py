"""Views of stock."""

from collections.abc import Mapping
from typing import Any

from catalog.stock.model.levels import Level
from shared.contracts.catalog import views

Row = Mapping[str, Any]


def stock_level(of: Level) -> views.StockLevel:
    """The stock level of a SKU."""
    return views.StockLevel(**level_facts(of))


def stock(of: Level, entries: list[Row], following: str | None) -> views.Stock:
    """A SKU's stock with a page of its journal; `following` is the cursor of the next page, or None."""
    return views.Stock(**level_facts(of), items=tuple(map(_entry, entries)), next=following)


def level_facts(of: Level) -> dict[str, Any]:
    """The fields that all views of a stock level share."""
    return {name: getattr(of, name) for name in ("sku_id", "on_hand", "reserved", "available")}


def entry_facts(row: Row) -> dict[str, Any]:
    """The fields that all views of an entry of the journal share."""
    return {
        "kind": views.StockEntryKind(row["kind"]),
        "change": row["change"],
        "cause": views.StockCause(row["cause"]) if row["cause"] else None,
        "reason": row["reason"],
        "source_id": row["source_id"],
        "at": row["at"],
    }


def _entry(row: Row) -> views.StockEntry:
    return views.StockEntry(**entry_facts(row))
