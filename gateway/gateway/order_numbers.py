"""Finds a payment or a buyer also by the number of an order, which only orders knows."""

import re

from gateway.route import Call, Json
from shared.contracts.orders.finding import FindOrders
from shared.contracts.payments.finding import FindPayments
from shared.contracts.users.people import FindPeople

ORDER_NUMBER = re.compile(r"\d{20}")


async def find_payments(call: Call, request: Json) -> Json:
    """The payments with a number; that of an order is replaced by its id."""
    return await _found(call, request, FindPayments.contract.method, "order_id")


async def find_people(call: Call, request: Json) -> Json:
    """The person with an address or id; the number of an order is replaced by its buyer's id."""
    return await _found(call, request, FindPeople.contract.method, "buyer_id")


async def _found(call: Call, request: Json, method: str, replacement: str) -> Json:
    value = request["q"].strip()
    if ORDER_NUMBER.fullmatch(value):
        orders = (await call(FindOrders.contract.method, {"q": value}))["items"]
        value = orders[0][replacement] if orders else value
    found: Json = await call(method, {"q": value})
    return found
