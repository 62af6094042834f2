"""Builders of orders; by default of a teapot and two cups."""

from datetime import UTC, datetime

from orders.fulfilment.model.order import Line, Order
from orders.fulfilment.model.states import OrderState
from shared.ids import new_id
from shared.money import Money

MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def yuan(fen):
    return Money(fen, "CNY")


def a_line(*, quantity=2, paid=9980, title="青瓷茶杯", **rest):
    known = {"line_id": new_id(), "product_id": new_id(), "sku_id": new_id(), "options": "", "image": None}
    money = {"unit_price": yuan(4990), "discount": yuan(0), "paid": yuan(paid)}
    return Line(**{**known, **money, "title": title, "quantity": quantity, **rest})


def an_order(*lines, state=OrderState.CONFIRMED, shipping=800, **rest):
    lines = list(lines) or [a_line(quantity=1, paid=12900, title="青瓷茶壶"), a_line()]
    goods = sum(line.paid.amount for line in lines)
    ids = {name: new_id() for name in ("order_id", "checkout_id", "payment_id", "shop_id", "buyer_id")}
    money = {
        "goods": yuan(goods),
        "discount": yuan(0),
        "shipping": yuan(shipping),
        "total": yuan(goods + shipping),
    }
    plain = {"number": "202611230000000001", "state": state, "version": 2, "placed_at": MORNING, "lines": lines}
    return Order(**{**ids, **money, **plain, **rest})
