"""Converts units of orders to the stock lines of catalog's contract."""

from collections.abc import Iterable

from orders.fulfilment.front import StockPieces
from shared.contracts.catalog import StockLine


def lines(pieces: Iterable[StockPieces]) -> tuple[StockLine, ...]:
    return tuple(StockLine(order_id=p.order_id, sku_id=p.sku_id, quantity=p.quantity) for p in pieces)
