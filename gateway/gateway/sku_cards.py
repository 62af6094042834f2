"""The cards of SKUs, which quotes and carts show: kept until an event of their product or shop.

The available units of a SKU change with each purchase, so that its card would seldom be kept. Therefore the event
of that change has the new number, and the card stays. An event that came while catalog was called may be newer or
older than the answer; its number is taken: if it is older, the newer event is on its way.
"""

import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from gateway.cache import IN_MEMORY, LONGEST_PAGE, AnswerCache
from gateway.route import Json
from shared.contracts.catalog.requests import GetSkus

METHOD = GetSkus.contract.method
MOST = 20_000  # SKUs whose last number is remembered
Call = Callable[[str, Json], Awaitable[Json]]


@dataclass(frozen=True)
class Units:
    """The available units of a SKU by an event: the event's id, and the number of changes when it came."""

    change_id: str
    available: int
    at: int


class SkuCards:
    """The cards of SKUs in the cache of this process."""

    def __init__(self, cache: AnswerCache, *, most: int = MOST) -> None:
        self._cache, self._most = cache, most
        self._units: OrderedDict[str, Units] = OrderedDict()

    async def get(self, call: Call, request: Json) -> Json:
        """The answer to `catalog.get_skus`; catalog is called only for those that are not kept."""
        cards = {sku_id: self._cache.find(_key(sku_id)) for sku_id in request["sku_ids"]}
        missing = [sku_id for sku_id, card in cards.items() if card is None]
        if missing:
            since = self._cache.now
            answer = await call(METHOD, {"sku_ids": missing})
            cards |= {card["sku_id"]: self._keep(card, since) for card in answer["items"]}
        return {"items": [card for card in cards.values() if card]}

    def changed(self, event: Json) -> None:
        """The available units of SKUs have changed."""
        sku_ids, available = event["sku_ids"], event.get("available") or ()
        if len(sku_ids) != len(available):
            self._cache.changed(map(_id, sku_ids))
            return
        for sku_id, units in zip(sku_ids, available, strict=True):
            self._note(sku_id, Units(event["change_id"], units, self._cache.now))

    def _note(self, sku_id: str, units: Units) -> None:
        known = self._units.get(sku_id)
        if known and known.change_id >= units.change_id:
            return
        self._units[sku_id] = units
        self._units.move_to_end(sku_id)
        if len(self._units) > self._most:
            self._units.popitem(last=False)
        self._cache.amend(_key(sku_id), lambda card: _with(card, units))

    def _keep(self, card: Json, since: int) -> Json:
        """Keep the card of an answer unless something else in it changed since; returns the current one."""
        units = self._units.get(card["sku_id"])
        if units and units.at >= since:
            card = _with(card, units)
        ids = frozenset({f"catalog {card['product_id']}", f"catalog {card['shop_id']}", _id(card["sku_id"])})
        if self._cache.is_unchanged(ids, since):
            size = IN_MEMORY * len(json.dumps(card))
            self._cache.put(_key(card["sku_id"]), card, ids, size, LONGEST_PAGE)
        return card


def _key(sku_id: str) -> tuple[str, str]:
    return METHOD, sku_id


def _id(sku_id: str) -> str:
    """The id of a change that does not tell the number of units."""
    return f"units {sku_id}"


def _with(card: Json, units: Units) -> Json:
    return {**card, "available": units.available if card["on_shelf"] else 0}
