"""What the confirmation of an order changes in a checkout that is kept, so that it need not be read again.

Only of a checkout with one order, since all its orders and the checkout itself change in one transaction, with an
event for each order; and only if nothing happened to the order since, by its version.
"""

from gateway.route import Json


def confirmed(checkout: Json, event: Json) -> Json | None:
    """The checkout after `orders.order_confirmed`; None if that does not follow from the event."""
    orders = checkout.get("orders") or [] if checkout.get("checkout_id") == event.get("checkout_id") else []
    if len(orders) != 1:
        return None
    (order,) = orders
    follows = event.get("version") == order.get("version", 0) + 1 and order["order_id"] == event["order_id"]
    if not follows or order["state"] != "placed" or checkout["state"] != "placed":
        return None
    after = {**order, "state": "confirmed", "version": event["version"]}
    return {**checkout, "state": "confirmed", "orders": [after]}
