"""Requests about checkouts."""

from orders.checkout import queries, views
from orders.checkout.use_cases import cancelling
from orders.checkout.use_cases import check_out as checking_out
from orders.work import Work
from shared.auth import Caller
from shared.contracts.orders import requests
from shared.contracts.orders import views as v
from shared.entrypoints import answers


class Checkouts:
    """Order a quote, also of several shops, get and cancel a checkout."""

    @answers(requests.CheckOut)
    def check_out(self, work: Work, caller: Caller, request: requests.CheckOut) -> v.Checkout:
        return views.checkout(*checking_out.check_out(work, caller.account, request))

    @answers(requests.GetCheckout)
    def get_checkout(self, work: Work, caller: Caller, request: requests.GetCheckout) -> v.Checkout:
        return queries.checkout(work, request.checkout_id, caller.account)

    @answers(requests.CancelCheckout)
    def cancel_checkout(self, work: Work, caller: Caller, request: requests.CancelCheckout) -> v.Checkout:
        queries.checkout(work, request.checkout_id, caller.account)
        cancelling.cancel(work, request.checkout_id)
        return queries.checkout(work, request.checkout_id, caller.account)
