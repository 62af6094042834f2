"""A day in the shop: a checkout for each possible outcome; all messages are handled."""

from datetime import timedelta

from shared.ids import new_id
from tests.model import people


class Day:
    """The day's purchases; `checkouts` has the ids by outcome."""

    def __init__(self, world):
        self.world, self.checkouts = world, {}
        self.shop = people.a_shop(world, 4990, 101)
        for sku_id in self.shop.skus:
            world.call("catalog", "adjust_stock", self.shop.merchant, sku_id=sku_id, change=20, reason="进货")
        self.campaign_id = people.a_campaign(world, self.shop)
        self.delivered()
        self.partly_refunded()
        self.cancelled_after_it_was_paid()
        self.never_paid()
        self.paid_too_late()
        self.cash_paid()
        self.cash_due()
        self.paid("prepaid", self.buy("prepaid"))
        self.in_progress()
        self.cancelled_with_the_refund_in_transit()

    def delivered(self):
        order = self.paid("delivered", self.buy("delivered", coupon=True))
        self.send(order)

    def partly_refunded(self):
        shopper, order = self.paid("partly_refunded", self.buy("partly_refunded"))
        self.merchant_does("accept_order", order)
        line = {"line_id": order["lines"][0]["line_id"], "quantity": 1}
        request = {"order_id": order["order_id"], "reason_text": "少要一个", "lines": [line]}
        requested = self.world.call("orders", "request_refund", shopper, **request, idempotency_key=str(new_id()))
        self.world.call("orders", "approve_refund", self.shop.merchant, refund_id=requested["refund_id"])
        self.settle()

    def cancelled_after_it_was_paid(self):
        shopper, order = self.paid("cancelled", self.buy("cancelled", coupon=True))
        self.world.call("orders", "cancel_order", shopper, order_id=order["order_id"], reason_text="不要了")
        self.settle()

    def never_paid(self):
        shopper = self.buy("never_paid", coupon=True)
        self.world.call("orders", "cancel_checkout", shopper, checkout_id=self.checkouts["never_paid"])
        self.settle()

    def paid_too_late(self):
        shopper = self.buy("paid_too_late")
        number = self.open_number()
        self.world.call("orders", "cancel_checkout", shopper, checkout_id=self.checkouts["paid_too_late"])
        self.settle()
        self.report(self.world.wechat.pay(number))
        self.settle()

    def cash_paid(self):
        self.send(self.order_of("cash_paid", self.buy("cash_paid", method="cash_on_delivery")))

    def cash_due(self):
        self.buy("cash_due", method="cash_on_delivery")

    def in_progress(self):
        self.buy("in_progress", coupon=True)

    def cancelled_with_the_refund_in_transit(self):
        """The provider has accepted the refund, which takes days."""
        shopper, order = self.paid("refund_in_transit", self.buy("refund_in_transit", coupon=True))
        self.world.call("orders", "cancel_order", shopper, order_id=order["order_id"], reason_text="不要了")
        self.world.deliver_all()
        self.world.call_provider()

    # actions of shoppers, the merchant and the carrier

    def buy(self, name, *, coupon=False, method="wechat"):
        shopper = people.a_shopper()
        coupons = [self.coupon(shopper)] if coupon else []
        basket = [(sku_id, 1) for sku_id in self.shop.skus]
        self.checkouts[name] = people.buy(self.world, shopper, [(basket[0][0], 2), *basket[1:]], coupons, method)
        self.settle()
        return shopper

    def coupon(self, shopper):
        return self.world.call("marketing", "claim_coupon", shopper, campaign_id=self.campaign_id)["coupon_id"]

    def paid(self, name, shopper):
        self.report(self.world.wechat.pay(self.open_number()))
        self.settle()
        return self.order_of(name, shopper)

    def open_number(self):
        return [n for n, payment in self.world.wechat.payments.items() if payment.state == "open"][-1]

    def order_of(self, name, shopper):
        placed = self.world.call("orders", "get_checkout", shopper, checkout_id=self.checkouts[name])
        return shopper, placed["orders"][0]

    def merchant_does(self, method, order, **request):
        self.world.call("orders", method, self.shop.merchant, order_id=order["order_id"], **request)
        self.settle()

    def send(self, bought):
        _, order = bought
        self.merchant_does("accept_order", order)
        self.merchant_does("ship_order", order, carrier="sf-express", tracking_number=order["order_id"], lines=[])
        people.carrier_delivers(self.world, order["order_id"])
        self.settle()

    def report(self, notification):
        headers, body = notification
        self.world.call(
            "payments", "receive_provider_notification", None, provider="wechat", headers=headers, body=body
        )

    def settle(self):
        settle(self.world)


def settle(world):
    """Deliver all messages and make all provider calls, without any timer running out."""
    for _ in range(3):
        world.deliver_all()
        world.ahead += timedelta(seconds=11)
        world.call_provider()
        for number in [n for n, refund in world.wechat.refunds.items() if refund.state == "processing"]:
            headers, body = world.wechat.let_arrive(number)
            world.call(
                "payments", "receive_provider_notification", None, provider="wechat", headers=headers, body=body
            )
    world.deliver_all()
