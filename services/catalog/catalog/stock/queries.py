"""What is read of stock."""

from catalog import cursors
from catalog.access import own
from catalog.stock import views
from catalog.stock.model.levels import SkuNotFound
from catalog.work import Work
from shared.auth import Caller
from shared.contracts.catalog import views as answers
from shared.contracts.catalog.requests import GetStock


def get_stock(work: Work, caller: Caller, asked: GetStock) -> answers.Stock:
    """A SKU's stock with a page of its journal, newest first. Raises SkuNotFound, Forbidden, CursorInvalid."""
    own(caller, work.products.shop_of_sku(asked.sku_id), SkuNotFound())
    (before,) = cursors.read("journal", asked.cursor, cursors.number) or (None,)
    entries = work.stock.journal(asked.sku_id, before=before, limit=asked.limit + 1)
    shown, more = entries[: asked.limit], len(entries) > asked.limit
    following = cursors.write("journal", [shown[-1]["position"]]) if more else None
    return views.stock(work.stock.levels([asked.sku_id])[asked.sku_id], shown, following)
