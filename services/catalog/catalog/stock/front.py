"""The interface of stock for other modules of catalog."""

from catalog.stock.model.journal import received
from catalog.stock.model.levels import MOST as MOST_PIECES
from catalog.stock.model.levels import Level
from catalog.stock.tables import stock
from catalog.stock.views import level_facts

__all__ = ["MOST_PIECES", "Level", "level_facts", "received", "stock"]
