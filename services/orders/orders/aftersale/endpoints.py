"""Requests about refunds and cancellations, and the event of a refund that was paid."""

from orders import order_details
from orders.aftersale import access, queries, views
from orders.aftersale.use_cases import cancellations, policies, refunds
from orders.aftersale.use_cases import requests as refund_requests
from orders.fulfilment.front import actor, own_order, shop_order
from orders.work import Work
from shared.auth import Caller
from shared.contracts.orders import requests
from shared.contracts.orders import views as v
from shared.contracts.pages import Page
from shared.contracts.payments import PaymentRefunded
from shared.entrypoints import answers, handles


class AfterSale:
    """Cancel orders, request and decide on refunds, and set a shop's refund policy."""

    @answers(requests.CancelOrder)
    def cancel_order(self, work: Work, caller: Caller, request: requests.CancelOrder) -> v.OrderDetails:
        order = own_order(work, caller, request.order_id)
        cancellations.by_shopper(work, order, request.reason_text)
        return order_details.of(work, order)

    @answers(requests.RefuseOrder)
    def refuse_order(self, work: Work, caller: Caller, request: requests.RefuseOrder) -> v.OrderDetails:
        order = shop_order(work, caller, request.order_id)
        cancellations.by_shop(work, order, actor(caller, order), request.reason_text)
        return order_details.of(work, order)

    @answers(requests.RequestRefund)
    def request_refund(self, work: Work, caller: Caller, request: requests.RequestRefund) -> v.Refund:
        order = own_order(work, caller, request.order_id)
        return views.refund(refund_requests.request(work, order, request))

    @answers(requests.PreviewRefund)
    def preview_refund(self, work: Work, caller: Caller, request: requests.PreviewRefund) -> v.RefundPreview:
        order = own_order(work, caller, request.order_id, lock=False)
        return views.refund_preview(refund_requests.preview(work, order, request.pieces()))

    @answers(requests.ListRefunds)
    def list_refunds(self, work: Work, caller: Caller, request: requests.ListRefunds) -> Page[v.Refund]:
        return queries.refunds_of_order(work, own_order(work, caller, request.order_id, lock=False))

    @answers(requests.ListOwnRefunds)
    def list_own_refunds(self, work: Work, caller: Caller, request: requests.ListOwnRefunds) -> Page[v.Refund]:
        return queries.refunds_of_buyer(work, caller.account, request)

    @answers(requests.ListShopRefunds)
    def list_shop_refunds(self, work: Work, caller: Caller, request: requests.ListShopRefunds) -> Page[v.Refund]:
        caller.require_shop(request.shop_id)
        return queries.refunds_of_shop(work, request)

    @answers(requests.ApproveRefund)
    def approve_refund(self, work: Work, caller: Caller, request: requests.ApproveRefund) -> v.Refund:
        order, refund = access.shop_refund(work, caller, request.refund_id)
        refund_requests.grant(work, order, refund, actor(caller, order), expected=request.amount)
        return views.refund(refund)

    @answers(requests.RefuseRefund)
    def refuse_refund(self, work: Work, caller: Caller, request: requests.RefuseRefund) -> v.Refund:
        order, refund = access.shop_refund(work, caller, request.refund_id)
        refunds.refuse(work, order, refund)
        return views.refund(refund)

    @answers(requests.GetRefundPolicy)
    def get_refund_policy(
        self, work: Work, _caller: Caller, request: requests.GetRefundPolicy
    ) -> v.ShopRefundPolicy:
        return queries.refund_policy(work, request.shop_id)

    @answers(requests.SetRefundPolicy)
    def set_refund_policy(
        self, work: Work, caller: Caller, request: requests.SetRefundPolicy
    ) -> v.ShopRefundPolicy:
        caller.require_shop(request.shop_id)
        policies.choose(work, caller, request.shop_id, request.policy)
        return queries.refund_policy(work, request.shop_id)

    @handles(PaymentRefunded)
    def on_payment_refunded(self, work: Work, event: PaymentRefunded) -> None:
        refunds.payment_refunded(work, event)
