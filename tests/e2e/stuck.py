"""A saga that is stuck, since payments is frozen and a wrong reply is sent in its name."""

import signal
from contextlib import contextmanager

from shared.contracts.payments import RefundFailed
from tests.e2e.injecting import Injector
from tests.e2e.people import until


@contextmanager
def stuck_cancellation(system, operator, shopper, order):
    """Have a paid order cancelled, and yield a reader of its stuck saga; afterwards payments goes on."""

    def saga():
        (found,) = operator.get("/operator/sagas", name="orders.cancel_order", key=order["order_id"])["items"]
        return operator.get(f"/operator/sagas/{found['saga_id']}")

    def has_sent(found):
        return found["step"] == "refund_payment" and found["timer"] and found["timer"]["at"]

    system.kill("payments", signal.SIGSTOP)
    try:
        shopper.post(f"/orders/{order['order_id']}/cancel", {"reason_text": "地址写错了"})
        (command,) = until(saga, has_sent)["sent"]
        refund = {name: command["body"][name] for name in ("refund_id", "payment_id", "order_id")}
        wrong = RefundFailed(**refund, reason="as_if")
        Injector(system.site.amqp_url).sealed("orders", wrong, in_reply_to=command["message_id"])
        until(saga, lambda found: found["status"] == "stuck")
        yield saga
    finally:
        system.kill("payments", signal.SIGCONT)
