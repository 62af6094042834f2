"""What may be asked of orders, and what it listens to."""

from functools import partial
from typing import Any

from orders import access, carriers, measures, queries, quote_tokens, schemas
from orders.auditing import AuditDoors
from orders.domain.order import Order
from orders.retention import RULES
from orders.sagas import cancel_order, checkout, refund
from orders.use_cases import asking, cancellations, carrier_reports, carts, check_out, handling, policies, refunds
from orders.work import Work
from shared import shapes
from shared.audited import Audited
from shared.auth import Caller
from shared.contracts.payments import PaymentRefunded
from shared.db import Database
from shared.entrypoints import every, handles, rpc
from shared.messages import Envelope, Message
from shared.operated import Operated
from shared.permissions import Role
from shared.retained import Retention
from shared.sagas import Sagas, answers_to, heard_by
from shared.sagas.audited import AuditedSagas
from shared.sagas.clicks import Button, Click, push

Json = dict[str, Any]
SAGAS = (checkout.saga, cancel_order.saga, refund.saga)


class OrdersService(AuditDoors, Operated, Audited, AuditedSagas):
    """Carts, checkouts, orders per shop, shipments, refunds, and the sagas that carry them out."""

    name = "orders"
    secrets = (carriers.known, quote_tokens.read_key)

    work = Database(Work)
    retention = Retention(RULES)
    sagas = Sagas(*SAGAS)

    # carts

    @rpc(allow=Role.SHOPPER)
    def get_cart(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return queries.cart(work, work.carts.find(caller.account))

    @rpc(allow=Role.SHOPPER)
    def put_cart_line(self, caller: Caller, request: Json) -> Json:
        line = shapes.load(schemas.CartLine, request)
        with self.work() as work:
            carts.put_line(work, caller.account, line.sku_id, line.quantity)
            return queries.cart(work, work.carts.find(caller.account))

    @rpc(allow=Role.SHOPPER)
    def remove_cart_line(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            carts.remove_line(work, caller.account, shapes.load(schemas.CartSku, request).sku_id)
            return queries.cart(work, work.carts.find(caller.account))

    @rpc(allow=Role.SHOPPER)
    def merge_cart(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            rest = carts.merge(work, caller.account, shapes.load(schemas.MergeCart, request).guest_cart_id)
            return queries.merged_cart(work, caller.account, rest)

    @rpc(allow=Role.ANYONE)
    def new_guest_cart(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return queries.cart(work, work.carts.new_guest())

    @rpc(allow=Role.ANYONE)
    def guest_cart(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return queries.guest_cart(work, shapes.load(schemas.GuestCart, request).cart_id)

    @rpc(allow=Role.ANYONE)
    def put_guest_cart_line(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        line = shapes.load(schemas.GuestCartLine, request)
        with self.work() as work:
            carts.put_guest_line(work, line.cart_id, line.sku_id, line.quantity)
            return queries.cart(work, line.cart_id)

    @rpc(allow=Role.ANYONE)
    def remove_guest_cart_line(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        line = shapes.load(schemas.GuestCartSku, request)
        with self.work() as work:
            carts.remove_guest_line(work, line.cart_id, line.sku_id)
            return queries.cart(work, line.cart_id)

    # checkouts

    @rpc(allow=Role.SHOPPER)
    def check_out(self, caller: Caller, request: Json) -> Json:
        wish = shapes.load(schemas.CheckOut, request)
        with self.work() as work:
            place = partial(check_out.check_out, work, caller.account, wish, partial(checkout.begin, self.sagas))
            answer = partial(queries.placed, work, place, caller)
            return work.once(caller, "check_out", wish.idempotency_key, request, answer)

    @rpc(allow=Role.SHOPPER)
    def get_checkout(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return queries.checkout(work, shapes.load(schemas.OfCheckout, request).checkout_id, caller.account)

    @rpc(allow=Role.SHOPPER)
    def cancel_checkout(self, caller: Caller, request: Json) -> Json:
        checkout_id = shapes.load(schemas.OfCheckout, request).checkout_id
        with self.work() as work:
            queries.checkout(work, checkout_id, caller.account)
            checkout.wish_cancel(self.sagas, work, checkout_id, "cancelled_by_buyer")
            return queries.checkout(work, checkout_id, caller.account)

    # orders, as their buyer sees them

    @rpc(allow=Role.SHOPPER)
    def list_orders(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return queries.orders_of_buyer(work, caller.account, shapes.load(schemas.Page, request))

    @rpc(allow=Role.SHOPPER)
    def get_order(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return queries.order(work, access.own_order(work, caller, _order_id(request), lock=False))

    @rpc(allow=Role.SHOPPER)
    def cancel_order(self, caller: Caller, request: Json) -> Json:
        wish = shapes.load(schemas.Cancel, request)
        with self.work() as work:
            order = access.own_order(work, caller, wish.order_id)
            cancellations.by_shopper(work, order, wish.reason, self._begin().cancel)
            return queries.order(work, order)

    @rpc(allow=Role.SHOPPER)
    def receive_order(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            order = access.own_order(work, caller, _order_id(request))
            handling.receive(work, order, "shopper")
            return queries.order(work, order)

    @rpc(allow=Role.SHOPPER)
    def ask_refund(self, caller: Caller, request: Json) -> Json:
        wish = shapes.load(schemas.AskRefund, request)
        with self.work() as work:
            ask = partial(self._ask_refund, work, caller, wish)
            return work.once(caller, "ask_refund", wish.idempotency_key, request, ask)

    @rpc(allow=Role.SHOPPER)
    def preview_refund(self, caller: Caller, request: Json) -> Json:
        wish = shapes.load(schemas.PreviewRefund, request)
        with self.work() as work:
            order = access.own_order(work, caller, wish.order_id, lock=False)
            return queries.refund_preview(asking.preview(work, order, wish.wanted()))

    @rpc(allow=Role.SHOPPER)
    def list_refunds(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return queries.refunds_of_order(work, access.own_order(work, caller, _order_id(request), lock=False))

    # orders, as their shop handles them

    @rpc(allow=(Role.MERCHANT, Role.OPERATOR), noted="order.list", reads=True)
    def shop_orders(self, caller: Caller, request: Json) -> Json:
        page = shapes.load(schemas.ShopPage, request)
        caller.require_shop(page.shop_id)
        with self.work() as work:
            return queries.orders_of_shop(work, page)

    @rpc(allow=(Role.MERCHANT, Role.OPERATOR), noted="order.read", reads=True)
    def shop_order(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return queries.order(work, access.shop_order(work, caller, _order_id(request), lock=False))

    @rpc(allow=(Role.MERCHANT, Role.OPERATOR), noted="order.accept")
    def accept_order(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            order = access.shop_order(work, caller, _order_id(request))
            handling.accept(work, order, caller.acts_for(order.shop_id))
            return queries.order(work, order)

    @rpc(allow=(Role.MERCHANT, Role.OPERATOR), noted="order.refuse")
    def refuse_order(self, caller: Caller, request: Json) -> Json:
        wish = shapes.load(schemas.Cancel, request)
        with self.work() as work:
            order = access.shop_order(work, caller, wish.order_id)
            cancellations.cancel(work, order, wish.reason, caller.acts_for(order.shop_id), self._begin().cancel)
            return queries.order(work, order)

    @rpc(allow=(Role.MERCHANT, Role.OPERATOR), noted="order.ship")
    def ship_order(self, caller: Caller, request: Json) -> Json:
        wish = shapes.load(schemas.Ship, request)
        carriers.check_known(wish.carrier)
        with self.work() as work:
            order = access.shop_order(work, caller, wish.order_id)
            handling.ship(work, order, wish, caller.acts_for(order.shop_id))
            return queries.order(work, order)

    @rpc(allow=(Role.MERCHANT, Role.OPERATOR), noted="refund.list", reads=True)
    def shop_refunds(self, caller: Caller, request: Json) -> Json:
        page = shapes.load(schemas.ShopPage, request)
        caller.require_shop(page.shop_id)
        with self.work() as work:
            return queries.refunds_of_shop(work, page)

    @rpc(allow=(Role.MERCHANT, Role.OPERATOR), noted="refund.approve")
    def approve_refund(self, caller: Caller, request: Json) -> Json:
        approval = shapes.load(schemas.ApproveRefund, request)
        with self.work() as work:
            order, wish = access.shop_refund(work, caller, approval.refund_id)
            actor = caller.acts_for(order.shop_id)
            asking.grant(work, order, wish, actor, self._begin(), expected=approval.amount)
            return queries.refund_document(wish)

    @rpc(allow=(Role.MERCHANT, Role.OPERATOR), noted="refund.refuse")
    def refuse_refund(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            order, wish = access.shop_refund(work, caller, _refund_id(request))
            refunds.refuse(work, order, wish)
            return queries.refund_document(wish)

    @rpc(allow=Role.ANYONE)
    def refund_policy(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return queries.refund_policy(work, shapes.load(schemas.OfShop, request).shop_id)

    @rpc(allow=(Role.MERCHANT, Role.OPERATOR), noted="shop.refund_policy")
    def set_refund_policy(self, caller: Caller, request: Json) -> Json:
        wish = shapes.load(schemas.SetRefundPolicy, request)
        caller.require_shop(wish.shop_id)
        with self.work() as work:
            policies.choose(work, caller, wish.shop_id, wish.policy)
            return queries.refund_policy(work, wish.shop_id)

    @rpc(allow=Role.ANYONE)
    def carrier_event(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002 - the signature says who
        message = shapes.load(schemas.CarrierEvent, request)
        tracking_number, trace = carriers.read(message)
        with self.work() as work:
            handling.hear_carrier(work, message.carrier, tracking_number, trace)
        return {}

    @rpc(allow=Role.ANYONE)
    def list_carriers(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        return queries.carriers(carriers.known())

    @rpc(allow=Role.OPERATOR, noted=False)
    def list_carrier_reports(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        page = shapes.load(schemas.ReportPage, request)
        with self.work() as work:
            return queries.carrier_reports(work, page.cursor, page.limit)

    @rpc(allow=Role.OPERATOR)
    def decide_carrier_report(self, caller: Caller, request: Json) -> Json:
        wish = shapes.load(schemas.DecideReport, request)
        with self.work() as work:
            carrier_reports.decide(work, str(caller.account), wish.report_id, wish.parcel_id, wish.note)
        return {}

    # sagas

    @rpc(allow=Role.OPERATOR, noted=False)
    def list_sagas(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return self.sagas.list(work, shapes.load(schemas.SagaPage, request))

    @rpc(allow=Role.OPERATOR, noted=False)
    def get_saga(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return self.sagas.timeline(work, shapes.load(schemas.OfSaga, request).saga_id)

    @rpc(allow=Role.OPERATOR)
    def resume_saga(self, caller: Caller, request: Json) -> Json:
        return self._push(Button.RESUME, caller, shapes.load(schemas.Click, request))

    @rpc(allow=Role.OPERATOR)
    def skip_saga(self, caller: Caller, request: Json) -> Json:
        return self._push(Button.SKIP, caller, shapes.load(schemas.Click, request))

    @rpc(allow=Role.OPERATOR)
    def cancel_saga(self, caller: Caller, request: Json) -> Json:
        return self._push(Button.CANCEL, caller, shapes.load(schemas.Click, request))

    @handles(*heard_by(*SAGAS), replies=answers_to(*SAGAS), together=True)
    def on_saga_message(self, work: Work, deliveries: list[tuple[Message, Envelope]]) -> None:
        self.sagas.hear(work, deliveries)

    @handles(PaymentRefunded)
    def on_payment_refunded(self, work: Work, event: PaymentRefunded) -> None:
        refunds.money_arrived(work, event)

    @every(seconds=15)
    def measure_sagas(self) -> None:
        with self.work() as work:
            self.sagas.measure(work)

    @every(seconds=60)
    def measure_carrier_reports(self) -> None:
        with self.work() as work:
            measures.carrier_reports_open.set(work.carrier_reports.count_open())

    def _ask_refund(self, work: Work, caller: Caller, wish: schemas.AskRefund) -> Json:
        order: Order = access.own_order(work, caller, wish.order_id)
        return queries.refund_document(asking.ask(work, order, wish, self._begin()))

    def _push(self, button: Button, caller: Caller, wish: schemas.Click) -> Json:
        """What a button does, once for each click."""
        actor = str(caller.account)
        click = Click(saga_id=wish.saga_id, actor=actor, note=wish.note, attempt=wish.attempt)
        with self.work() as work:
            pushed = partial(push, self.sagas, work, button, click)
            return work.once(caller, button, wish.idempotency_key, vars(wish), pushed)

    def _begin(self) -> asking.Sagas:
        return asking.Sagas(
            refund=partial(refund.begin, self.sagas), cancel=partial(cancel_order.begin, self.sagas)
        )


def _order_id(request: Json) -> Any:
    return shapes.load(schemas.OfOrder, request).order_id


def _refund_id(request: Json) -> Any:
    return shapes.load(schemas.OfRefund, request).refund_id
