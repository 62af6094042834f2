"""Reads stock."""

from catalog import cursors
from catalog.access import require_own_shop
from catalog.stock import views
from catalog.stock.model.levels import SkuNotFound
from catalog.work import Work
from shared.auth import Caller
from shared.contracts.catalog import views as answers
from shared.contracts.catalog.requests import GetStock


def get_stock(work: Work, caller: Caller, requested: GetStock) -> answers.Stock:
    """A SKU's stock with a page of its journal, newest first. Raises SkuNotFound, Forbidden, CursorInvalid."""
    require_own_shop(caller, work.products.shop_of_sku(requested.sku_id), SkuNotFound())
    (before,) = cursors.read("journal", requested.cursor, cursors.number) or (None,)
    entries = work.stock.journal(requested.sku_id, before=before, limit=requested.limit + 1)
    shown, more = entries[: requested.limit], len(entries) > requested.limit
    following = cursors.write("journal", [shown[-1]["position"]]) if more else None
    return views.stock(work.stock.levels([requested.sku_id])[requested.sku_id], shown, following)
