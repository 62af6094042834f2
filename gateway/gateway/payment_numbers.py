"""Finds a payment also by the number of an order, which orders knows."""

import re

from gateway.route import Call, Json
from shared.contracts.orders.finding import FindOrders
from shared.contracts.payments.finding import FindPayments

ORDER_NUMBER = re.compile(r"\d{20}")


async def find(call: Call, request: Json) -> Json:
    """The payments with a number; that of an order is replaced by its id."""
    number = request["q"]
    if ORDER_NUMBER.fullmatch(number):
        orders = (await call(FindOrders.contract.method, {"q": number}))["items"]
        number = orders[0]["order_id"] if orders else number
    found: Json = await call(FindPayments.contract.method, {"q": number})
    return found
