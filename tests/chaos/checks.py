"""The end of a run: everything that was confirmed by a 2xx exists, and money and stock add up."""

import asyncio
import contextlib

from tests.chaos.clients import Broken, Refused
from tests.chaos.promises import Promised, Sale
from tests.chaos.shoppers import Actors

CONCURRENT_CHECKS = 6
REPEATED = 5  # one of this many checkouts is sent again with its key
PAID = {"SUCCESS", "REFUND"}


async def close_open_sales(actors: Actors) -> None:
    """Cancel unpaid checkouts, so that all sagas can end."""
    await _each(actors.promises.sales, lambda sale: _close(actors, sale))


async def _close(actors: Actors, sale: Sale) -> None:
    found = await sale.shopper.get(f"/checkouts/{sale.checkout_id}")
    if found["state"] == "placed" and not sale.paid:
        actors.record.done["cancelled at the end"] += 1
        await sale.shopper.post(f"/checkouts/{sale.checkout_id}/cancel")
        sale.cancelled = True


async def let_refunds_arrive(actors: Actors) -> None:
    """Complete refunds that are pending at the provider, so that the ledger can be checked.

    An operator retries closed and refused refunds at once; automatic retries would come minutes later.
    """
    planned = [sale for sale in actors.promises.sales if sale.refund_plan]
    await _each([sale.trade for sale in planned], lambda number: actors.provider.plans_refund(number, "succeed"))
    for _ in range(3):
        await _each([sale.trade for sale in planned], actors.provider.settles_refunds)
        await _each(planned, lambda sale: _retry_refund(actors, sale))
        await asyncio.sleep(3)


async def _retry_refund(actors: Actors, sale: Sale) -> None:
    for order_id in sale.orders:
        for refund in (await sale.shopper.get(f"/orders/{order_id}/refunds"))["items"]:
            if refund["state"] == "running":
                path = f"/operator/refunds/{refund['refund_id']}/retry"
                with contextlib.suppress(Refused):  # it has arrived, or payments does not know of it yet
                    note = {"note": "end of the run"}
                    await actors.market.operator.post(path, note, allow=("refund_decided", "refund_not_found"))


async def check_promises(actors: Actors) -> None:
    """Read each object as its owner; a missing or wrong one is a violation."""
    await _each(list(enumerate(actors.promises.sales)), lambda pair: _check(actors, *pair))
    await _each(actors.promises.accounts, lambda account: _check_account(actors, account))
    await _each(_owners(actors), lambda shopper: _no_duplicates(actors, shopper))


def _owners(actors: Actors) -> list:
    """The shoppers who bought or claimed a coupon, each once."""
    promises = actors.promises
    owners = {id(s): s for s in [*(sale.shopper for sale in promises.sales), *promises.coupons.values()]}
    return list(owners.values())


async def _check(actors: Actors, number: int, sale: Sale) -> None:
    wrong = actors.record.violated
    found = await sale.shopper.get(f"/checkouts/{sale.checkout_id}")
    orders = [await sale.shopper.get(f"/orders/{order_id}") for order_id in sale.orders]
    actors.record.done[found["state"]] += 1
    if (found["total"], {o["order_id"] for o in found["orders"]}) != (sale.placed["total"], set(sale.orders)):
        wrong(f"checkout {sale.checkout_id} is not as promised")
    if found["state"] not in {"confirmed", "cancelled"}:
        wrong(f"checkout {sale.checkout_id} is still {found['state']}")
    for order in orders:
        for mistake in order_mistakes(sale, sale.orders[order["order_id"]], order):
            wrong(f"order {order['order_id']}: {mistake}")
    if sale.trade:
        for mistake in money_mistakes(sale, orders, await actors.provider.trade(sale.trade)):
            wrong(f"checkout {sale.checkout_id}: {mistake}")
    if number % REPEATED == 0:
        again = await sale.shopper.post("/checkouts", sale.body, key=sale.key)
        if again["checkout_id"] != sale.checkout_id:
            wrong(f"checkout {sale.checkout_id} was created again as {again['checkout_id']}")


def order_mistakes(sale: Sale, promised: Promised, order: dict) -> list[str]:
    """The differences between an order and its promises."""
    mistakes = []
    if order["state"] not in _allowed(sale, promised):
        mistakes.append(f"{order['state']}, promised {sorted(_allowed(sale, promised))}")
    arrived = {parcel["tracking_number"]: parcel["state"] for parcel in order["parcels"]}
    mistakes += [f"parcel {number} is missing" for number in promised.parcels if number not in arrived]
    mistakes += [f"parcel {n} is {arrived.get(n)}" for n in promised.delivered if arrived.get(n) != "delivered"]
    states = {refund["refund_id"]: refund["state"] for refund in order["refunds"]}
    mistakes += [
        f"refund {refund_id} is {states.get(refund_id)}, promised {state}"
        for refund_id, state in promised.refunds.items()
        if states.get(refund_id) != state
    ]
    return mistakes


def _allowed(sale: Sale, promised: Promised) -> set[str]:
    if sale.cancelled or promised.cancelled:
        return {"cancelled"}
    if promised.delivered:
        return {"completed"} if promised.received else {"delivered"}
    if promised.accepted:
        return {"preparing", "cancelled"} if "refunded" in promised.refunds.values() else {"preparing"}
    return {"confirmed", "cancelled"}


def _named(refunds: list[dict]) -> str:
    return "".join(f"; refund {r['out_refund_no']}: {r['amount']} {r['state']}" for r in refunds)


def money_mistakes(sale: Sale, orders: list[dict], trade: dict) -> list[str]:
    """The provider must hold the amount that the orders are due, and no more."""
    paid = trade["amount"] if trade["state"] in PAID else 0
    back = sum(refund["amount"] for refund in trade["refunds"] if refund["state"] == "SUCCESS")
    due = sum(o["total"]["amount"] - o["refunded"]["amount"] for o in orders if o["state"] != "cancelled")
    found = f"the provider has {paid} - {back}, the orders are due {due}"
    mistakes = [] if paid - back == due else [found + _named(trade["refunds"])]
    if sale.paid and not paid:
        mistakes.append("was paid, but not according to the provider")
    return mistakes


async def _check_account(actors: Actors, account: dict) -> None:
    anyone = type(actors.shoppers[0])(actors.shoppers[0].connections, actors.record)
    await anyone.sign_in(account["email"], account["password"])


async def _no_duplicates(actors: Actors, shopper) -> None:
    """Repeated requests were executed once: only the promised orders and coupons exist."""
    promises = actors.promises
    orders = {order["order_id"]: order for order in await _all(shopper, "/orders")}
    promised = {order_id for sale in promises.sales if sale.shopper is shopper for order_id in sale.orders}
    coupons = {coupon["coupon_id"]: coupon["state"] for coupon in await _all(shopper, "/me/coupons")}
    taken = {coupon_id for coupon_id, owner in promises.coupons.items() if owner is shopper}
    if set(orders) != promised:
        actors.record.violated(f"{shopper.email}: orders {set(orders) ^ promised} more or missing")
    if set(coupons) != taken:
        actors.record.violated(f"{shopper.email}: coupons {set(coupons) ^ taken} more or missing")
    for sale in promises.sales:
        if sale.shopper is shopper and sale.coupon_id:
            expected = coupon_state([orders[order_id]["state"] for order_id in sale.orders if order_id in orders])
            if coupons.get(sale.coupon_id) != expected:
                found = coupons.get(sale.coupon_id)
                actors.record.violated(f"coupon {sale.coupon_id} of {sale.checkout_id} is {found}, not {expected}")


def coupon_state(orders: list[str]) -> str:
    """Used if any order of its checkout continues, free if all of them were cancelled."""
    return "free" if set(orders) <= {"cancelled"} else "redeemed"


async def _all(shopper, path: str) -> list[dict]:
    items, cursor = [], {}
    while True:
        page = await shopper.get(path, limit=100, **cursor)
        items += page["items"]
        if not page["next"]:
            return items
        cursor = {"cursor": page["next"]}


async def _each(things, check) -> None:
    """Check all of them, a few at once; failed requests are in the record already."""
    slots = asyncio.Semaphore(CONCURRENT_CHECKS)

    async def one(thing):
        async with slots:
            try:
                await check(thing)
            except Broken:
                return

    await asyncio.gather(*(one(thing) for thing in things))
