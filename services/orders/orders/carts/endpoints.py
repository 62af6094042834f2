"""Requests about carts."""

from orders.carts import queries, use_cases
from orders.work import Work
from shared.auth import Caller
from shared.contracts.orders import requests
from shared.contracts.orders import views as v
from shared.entrypoints import answers


class Carts:
    """A shopper's own cart, and a guest's, which is accessed by its secret id."""

    @answers(requests.GetCart)
    def get_cart(self, work: Work, caller: Caller, _request: requests.GetCart) -> v.Cart:
        return queries.own_cart(work, caller.account)

    @answers(requests.PutCartLine)
    def put_cart_line(self, work: Work, caller: Caller, request: requests.PutCartLine) -> v.Cart:
        use_cases.put_line(work, caller.account, request.sku_id, request.quantity)
        return queries.own_cart(work, caller.account)

    @answers(requests.RemoveCartLine)
    def remove_cart_line(self, work: Work, caller: Caller, request: requests.RemoveCartLine) -> v.Cart:
        use_cases.remove_line(work, caller.account, request.sku_id)
        return queries.own_cart(work, caller.account)

    @answers(requests.MergeCart)
    def merge_cart(self, work: Work, caller: Caller, request: requests.MergeCart) -> v.MergedCart:
        rest = use_cases.merge(work, caller.account, request.guest_cart_id)
        return queries.merged_cart(work, caller.account, rest)

    @answers(requests.CreateGuestCart)
    def create_guest_cart(self, work: Work, _caller: Caller, _request: requests.CreateGuestCart) -> v.Cart:
        cart_id = use_cases.create_guest_cart(work)
        return queries.cart(work, cart_id)

    @answers(requests.GetGuestCart)
    def get_guest_cart(self, work: Work, _caller: Caller, request: requests.GetGuestCart) -> v.Cart:
        return queries.guest_cart(work, request.cart_id)

    @answers(requests.PutGuestCartLine)
    def put_guest_cart_line(self, work: Work, _caller: Caller, request: requests.PutGuestCartLine) -> v.Cart:
        use_cases.put_guest_line(work, request.cart_id, request.sku_id, request.quantity)
        return queries.cart(work, request.cart_id)

    @answers(requests.RemoveGuestCartLine)
    def remove_guest_cart_line(self, work: Work, _caller: Caller, request: requests.RemoveGuestCartLine) -> v.Cart:
        use_cases.remove_guest_line(work, request.cart_id, request.sku_id)
        return queries.cart(work, request.cart_id)
