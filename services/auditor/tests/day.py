"""A day in the shop: everything that can become of a checkout becomes of one, and all messages arrive."""

from datetime import timedelta

from shared.ids import new_id
from tests.model import people


class Day:
    """Who bought what; `checkouts` by what became of them."""

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
        self.paid_at_the_door()
        self.owed_at_the_door()
        self.paid("owed_in_advance", self.buy("owed_in_advance"))
        self.under_way()
        self.cancelled_and_the_money_is_on_its_way()

    def delivered(self):
        order = self.paid("delivered", self.buy("delivered", coupon=True))
        self.send(order)

    def partly_refunded(self):
        shopper, order = self.paid("partly_refunded", self.buy("partly_refunded"))
        self.of_the_shop("accept_order", order)
        line = {"line_id": order["lines"][0]["line_id"], "quantity": 1}
        request = {"order_id": order["order_id"], "reason_text": "少要一个", "lines": [line]}
        requested = self.world.call("orders", "request_refund", shopper, **request, idempotency_key=str(new_id()))
        self.world.call("orders", "approve_refund", self.shop.merchant, refund_id=requested["refund_id"])
        self.everything_arrives()

    def cancelled_after_it_was_paid(self):
        shopper, order = self.paid("cancelled", self.buy("cancelled", coupon=True))
        self.world.call("orders", "cancel_order", shopper, order_id=order["order_id"], reason_text="不要了")
        self.everything_arrives()

    def never_paid(self):
        shopper = self.buy("never_paid", coupon=True)
        self.world.call("orders", "cancel_checkout", shopper, checkout_id=self.checkouts["never_paid"])
        self.everything_arrives()

    def paid_too_late(self):
        shopper = self.buy("paid_too_late")
        number = self.number_to_pay()
        self.world.call("orders", "cancel_checkout", shopper, checkout_id=self.checkouts["paid_too_late"])
        self.everything_arrives()
        self.report(self.world.wechat.pay(number))
        self.everything_arrives()

    def paid_at_the_door(self):
        self.send(self.order_of("paid_at_the_door", self.buy("paid_at_the_door", method="cash_on_delivery")))

    def owed_at_the_door(self):
        self.buy("owed_at_the_door", method="cash_on_delivery")

    def under_way(self):
        self.buy("under_way", coupon=True)

    def cancelled_and_the_money_is_on_its_way(self):
        """The provider has the refund, and takes days for it."""
        shopper, order = self.paid("on_its_way", self.buy("on_its_way", coupon=True))
        self.world.call("orders", "cancel_order", shopper, order_id=order["order_id"], reason_text="不要了")
        self.world.hand_over_all()
        self.world.call_provider()

    # what people do

    def buy(self, name, *, coupon=False, method="wechat"):
        shopper = people.a_shopper()
        coupons = [self.coupon(shopper)] if coupon else []
        basket = [(sku_id, 1) for sku_id in self.shop.skus]
        self.checkouts[name] = people.buy(self.world, shopper, [(basket[0][0], 2), *basket[1:]], coupons, method)
        self.everything_arrives()
        return shopper

    def coupon(self, shopper):
        return self.world.call("marketing", "claim_coupon", shopper, campaign_id=self.campaign_id)["coupon_id"]

    def paid(self, name, shopper):
        self.report(self.world.wechat.pay(self.number_to_pay()))
        self.everything_arrives()
        return self.order_of(name, shopper)

    def number_to_pay(self):
        return [n for n, payment in self.world.wechat.payments.items() if payment.state == "open"][-1]

    def order_of(self, name, shopper):
        placed = self.world.call("orders", "get_checkout", shopper, checkout_id=self.checkouts[name])
        return shopper, placed["orders"][0]

    def of_the_shop(self, method, order, **request):
        self.world.call("orders", method, self.shop.merchant, order_id=order["order_id"], **request)
        self.everything_arrives()

    def send(self, bought):
        _, order = bought
        self.of_the_shop("accept_order", order)
        self.of_the_shop("ship_order", order, carrier="sf-express", tracking_number=order["order_id"], lines=[])
        people.carrier_delivers(self.world, order["order_id"])
        self.everything_arrives()

    def report(self, notification):
        headers, body = notification
        self.world.call(
            "payments", "receive_provider_notification", None, provider="wechat", headers=headers, body=body
        )

    def everything_arrives(self):
        settle(self.world)


def settle(world):
    """Let every message and every call to the provider happen, but no clock run out."""
    for _ in range(3):
        world.hand_over_all()
        world.ahead += timedelta(seconds=11)
        world.call_provider()
        for number in [n for n, refund in world.wechat.refunds.items() if refund.state == "processing"]:
            headers, body = world.wechat.let_arrive(number)
            world.call(
                "payments", "receive_provider_notification", None, provider="wechat", headers=headers, body=body
            )
    world.hand_over_all()
