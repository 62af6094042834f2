"""The interface of stock for other modules of catalog."""

from catalog.stock.model.journal import Cause, received
from catalog.stock.model.levels import MOST as MOST_PIECES
from catalog.stock.model.levels import Level
from catalog.stock.tables import stock
from catalog.stock.views import entry_facts, level_facts

__all__ = ["MOST_PIECES", "Cause", "Level", "entry_facts", "level_facts", "received", "stock"]
