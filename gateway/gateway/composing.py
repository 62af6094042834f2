"""Answers joined from two services, so that a page needs one request."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping

from gateway.route import Call, Json
from shared import observe
from shared.answers import ServiceFailed
from shared.errors import NotFound, Refusal

AT_ONCE = 100  # SKUs that catalog returns in one answer


async def checkout(call: Call, request: Json) -> Json:
    """A checkout with its payment; `payment` is null while there is none, or payments is unavailable."""
    which = {"checkout_id": request["checkout_id"]}
    both = (call("orders.get_checkout", which), _or_none(call("payments.get_payment", which)))
    document, payment = await asyncio.gather(*both)
    return {**document, "payment": payment}


async def cart(method: str, call: Call, request: Json) -> Json:
    """A cart whose lines have their SKU's card; `sku` is null where it is unknown, or catalog is unavailable."""
    document = await call(method, request)
    cards = await _cards(call, [line["sku_id"] for line in document["lines"]])
    lines = [{**line, "sku": cards.get(line["sku_id"])} for line in document["lines"]]
    return {**document, "lines": lines}


async def quote(call: Call, request: Json) -> Json:
    """A quote whose lines have the stock of their SKU; `stock` is null where it is not known."""
    sku_ids = list(dict.fromkeys(line["sku_id"] for line in request["lines"]))
    document, cards = await asyncio.gather(call("marketing.request_quote", request), _cards(call, sku_ids))
    return {
        **document,
        "shops": [{**shop, "lines": _with_stock(shop["lines"], cards)} for shop in document["shops"]],
    }


def _with_stock(lines: Iterable[Json], cards: Mapping[str, Json]) -> list[Json]:
    return [{**line, "stock": _stock(line["quantity"], cards.get(line["sku_id"]))} for line in lines]


def _stock(wanted: int, card: Json | None) -> Json | None:
    if not card:
        return None
    available = card["available"] if card["on_shelf"] else 0
    return {"code": "available" if available >= wanted else "short", "available": available}


async def _cards(call: Call, sku_ids: Iterable[str]) -> dict[str, Json]:
    wanted = list(sku_ids)
    parts = [wanted[at : at + AT_ONCE] for at in range(0, len(wanted), AT_ONCE)]
    known = await asyncio.gather(*(_or_none(call("catalog.get_skus", {"sku_ids": part})) for part in parts))
    return {card["sku_id"]: card for answer in known if answer for card in answer["items"]}


async def _or_none(call_of: Awaitable[Json]) -> Json | None:
    """The answer, or None where there is none: the rest of the page is still useful."""
    try:
        return await call_of
    except NotFound:
        return None
    except (Refusal, ServiceFailed) as failure:
        observe.log.warning("an answer is incomplete", error=repr(failure))
        return None
