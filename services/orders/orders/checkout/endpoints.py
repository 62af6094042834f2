"""Requests about checkouts."""

from orders.checkout import queries, views
from orders.checkout.model.quote import Quote
from orders.checkout.use_cases import cancelling, in_advance
from orders.checkout.use_cases import check_out as checking_out
from orders.work import Work
from shared.auth import Caller
from shared.contracts.orders import requests
from shared.contracts.orders import views as v
from shared.contracts.pages import Page
from shared.entrypoints import answers
from shared.errors import Refusal


class Checkouts:
    """Order a quote, also of several shops; get, list and cancel checkouts."""

    @answers(requests.CheckOut, before=in_advance.read_quote, together=in_advance.for_check_outs)
    def check_out(
        self, work: Work, caller: Caller, request: requests.CheckOut, quote: Quote | Refusal
    ) -> v.Checkout:
        if isinstance(quote, Refusal):
            raise quote
        return views.checkout(*checking_out.check_out(work, caller.account, request, quote))

    @answers(requests.GetCheckout, together=in_advance.for_checkouts)
    def get_checkout(self, work: Work, caller: Caller, request: requests.GetCheckout) -> v.Checkout:
        return queries.checkout(work, request.checkout_id, caller.account)

    @answers(requests.ListCheckouts)
    def list_checkouts(self, work: Work, caller: Caller, request: requests.ListCheckouts) -> Page[v.Checkout]:
        return queries.checkouts_of_buyer(work, caller.account, request)

    @answers(requests.CancelCheckout)
    def cancel_checkout(self, work: Work, caller: Caller, request: requests.CancelCheckout) -> v.Checkout:
        queries.checkout(work, request.checkout_id, caller.account)
        cancelling.cancel(work, request.checkout_id)
        return queries.checkout(work, request.checkout_id, caller.account)
