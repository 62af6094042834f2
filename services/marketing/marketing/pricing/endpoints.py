"""Requests for quotes, and the events of catalog that update the copy of its prices."""

from typing import Any

from marketing.pricing import queries, use_cases
from marketing.work import Work
from shared.auth import Caller
from shared.contracts import catalog
from shared.contracts.marketing import views as answer
from shared.contracts.marketing.requests import GetShippingTerms, RequestQuote
from shared.entrypoints import answers, handles
from shared.messages import Envelope


class Pricing:
    """Quotes, from a copy of catalog's prices."""

    @answers(RequestQuote, together=queries.read_in_advance)
    def request_quote(self, work: Work, caller: Caller, request: RequestQuote) -> answer.Quote:
        return queries.quote(work, caller, request)

    @answers(GetShippingTerms)
    def get_shipping_terms(self, _work: Work, _caller: Caller, request: GetShippingTerms) -> answer.ShippingTerms:
        return queries.shipping_terms(request)

    @handles(catalog.ProductPublished, catalog.ProductChanged, catalog.ProductWithdrawn, together=True)
    def follow_catalog(self, work: Work, deliveries: list[tuple[Any, Envelope]]) -> None:
        use_cases.follow(work, [event for event, _ in deliveries])
