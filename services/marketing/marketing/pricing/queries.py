"""Quotes of baskets."""

from collections.abc import Sequence

from marketing.currency import currency
from marketing.pricing import tariff, tokens, views
from marketing.pricing.model.basket import Want, price
from marketing.pricing.model.state import Context
from marketing.work import Work
from shared import places
from shared.answering_together import Asked
from shared.auth import Caller
from shared.contracts.marketing import views as answers
from shared.contracts.marketing.requests import GetShippingTerms, RequestQuote
from shared.ids import new_id


def read_in_advance(work: Work, batch: Sequence[Asked]) -> None:
    """Read at once the prices of the SKUs of several quotes."""
    work.prices.read_in_advance({line.sku_id for asked in batch for line in asked.request.lines}, currency())


def quote(work: Work, caller: Caller, requested: RequestQuote) -> answers.Quote:
    """Price a basket for its buyer; the signed quote is valid for 15 minutes.

    Raises PlaceNotFound, and what pricing and the kinds of benefits raise.
    """
    prices = work.prices.of({want.sku_id for want in requested.lines}, currency())
    zone = tariff.zone(_division(requested))
    basket = [Want(line.sku_id, line.quantity) for line in requested.lines]
    benefits = tuple(dict.fromkeys(requested.benefits))
    rights = work.kinds.rights(caller.account, benefits)
    known = Context(prices=prices, zone=zone, at=work.now, rights=rights, benefits=benefits)
    priced = price(basket, known)
    quote_id = new_id()
    token = tokens.sign(priced, quote_id, caller.account, work.now, requested.cart_version)
    return views.quote(priced, quote_id, work.now + tokens.LIFETIME, token, requested.cart_version)


def shipping_terms(requested: GetShippingTerms) -> answers.ShippingTerms:
    """The fee to a place. Raises PlaceNotFound."""
    zone = tariff.zone(_division(requested))
    return answers.ShippingTerms(fee=zone.fee, free_from=zone.free_from)


def _division(requested: RequestQuote | GetShippingTerms) -> str:
    """The division code of the destination. Raises as `places.find_province`."""
    place = places.find_province(
        country=requested.country, division_code=requested.division_code, province=requested.province
    )
    return place.division_code
