"""The scenarios: actions of shoppers, merchants and the carrier on one order, by a seeded generator."""

import asyncio
import contextlib
from dataclasses import dataclass
from random import Random

from tests.chaos.clients import Broken, Refused, a_key
from tests.chaos.people import CARRIER, Carrier, Market, Provider, Shopper, qr_code
from tests.chaos.promises import Promises, Sale
from tests.chaos.record import Record

WECHAT, CASH = "wechat", "cash_on_delivery"
FINAL = {"confirmed", "cancelled"}
# Outcomes of a refund at the provider; `wait` stays PROCESSING until it is finished, at the latest by the run.
REFUND_OUTCOMES = ("wait", "wait", "close", "abnormal", "refuse")
AT_ONCE = 40  # on a busy machine fewer start, instead of ever more running until requests time out
SOON = 60.0  # seconds that a scenario waits for a condition; the end of the run waits for the rest
OVER = ("transition_not_allowed", "order_not_refundable")  # the order had ended before the request


@dataclass
class Actors:
    """The participants of scenarios."""

    market: Market
    carrier: Carrier
    provider: Provider
    promises: Promises
    record: Record
    shoppers: list[Shopper]


@dataclass
class Scenario:
    """One sale, from its quote on."""

    actors: Actors
    rng: Random
    shopper: Shopper

    # ---- buying

    async def buys(self, method) -> Sale:
        shops = self.rng.sample(list(self.actors.market.skus), self.rng.choice((1, 1, 2)))
        lines = [(self.rng.choice(self.actors.market.skus[shop]), self.rng.randint(1, 3)) for shop in shops]
        coupon = await self._coupon(shops[0]) if self.rng.random() < 0.4 else None
        quote = await self.shopper.quote(lines, [coupon] if coupon else ())
        key = a_key(self.rng)
        body, placed = await self.shopper.checks_out(quote, method, key)
        self.actors.record.done["placed"] += 1
        return self.actors.promises.sold(self.shopper, key, body, placed, coupon)

    async def _coupon(self, shop):
        path = f"/coupon-campaigns/{self.actors.market.campaigns[shop]}/claims"
        coupon = await self.shopper.post(path, key=a_key(self.rng))
        self.actors.promises.coupons[coupon["coupon_id"]] = self.shopper
        return coupon["coupon_id"]

    async def until(self, sale, holds):
        """The checkout once it holds; Broken if it does not in time."""
        found = await self.shopper.reads_until(f"/checkouts/{sale.checkout_id}", holds, SOON)
        if not holds(found):
            self.actors.record.done["left waiting"] += 1
            raise Broken(sale.checkout_id)
        return found

    async def confirmed(self, sale):
        """Whether it was confirmed; a checkout whose step got no reply in time is cancelled automatically."""
        found = await self.until(sale, lambda c: c["state"] in FINAL)
        return found["state"] == "confirmed"

    async def can_pay(self, sale):
        """Wait for the QR code; False for a cancelled checkout."""

        def ready(checkout):
            return checkout["state"] == "cancelled" or qr_code(checkout)

        found = await self.until(sale, ready)
        if found["state"] == "cancelled":
            return False
        sale.trade = await self.actors.market.number_at_the_provider(sale.placed["payment_id"])
        return True

    async def pays(self, sale):
        if await self.can_pay(sale):
            sale.paid = await self.actors.provider.pay(sale.trade)
        return sale.paid

    async def pays_and_is_confirmed(self, method):
        sale = await self.buys(method)
        ready = method == CASH or await self.pays(sale)
        return sale, ready and await self.confirmed(sale)

    async def plans_refund_outcome(self, sale):
        """Plan another outcome than success for three in ten of the refunds."""
        if sale.trade and self.rng.random() < 0.3:
            sale.refund_plan = self.rng.choice(REFUND_OUTCOMES)
            self.actors.record.done[f"refund {sale.refund_plan}"] += 1
            await self.actors.provider.plans_refund(sale.trade, sale.refund_plan)

    async def completes_refunds(self, sale):
        """Complete half of the waiting refunds during the run; the others at its end."""
        if sale.refund_plan and self.rng.random() < 0.5:
            await asyncio.sleep(self.rng.uniform(1, 15))
            await self.actors.provider.settles_refunds(sale.trade)

    async def is_refunded_in_the_merchant_platform(self, sale, promised):
        """Refund by hand in the merchant platform what the provider refuses; an operator assigns it."""
        actors, path = self.actors, f"/orders/{promised.order['order_id']}/refunds"
        page = await self.shopper.reads_until(path, lambda page: page["items"], SOON)
        for refund in page["items"]:
            made = await actors.provider.refunds_by_hand(sale.trade, refund["amount"]["amount"])
            if made is None:
                continue
            found = await actors.market.operator.reads_until(
                "/operator/unidentified?limit=100", lambda page, n=made["out_refund_no"]: _numbered(page, n), SOON
            )
            unexplained = _numbered(found, made["out_refund_no"])
            if unexplained is None:
                raise Broken(made["out_refund_no"])
            path = f"/operator/unidentified/{unexplained}/assign"
            meant = {"refund_ids": [refund["refund_id"]], "note": "在商户平台手动退款"}
            await self._assigned(path, meant)

    async def _assigned(self, path, meant):
        """Retry while payments does not know of the refund, or the provider may be executing it.

        An attempt whose answer was lost may have succeeded.
        """
        later = ("refund_not_found", "refund_in_progress")
        allowed = ("unidentified_money_resolved", "refund_decided", *later)
        for _ in range(30):
            try:
                await self.actors.market.operator.post(path, meant, allow=allowed)
            except Refused as refused:
                if refused.code in later:
                    await asyncio.sleep(2)
                    continue
            return
        raise Broken(path)

    async def cancels(self, sale):
        await self.shopper.post(f"/checkouts/{sale.checkout_id}/cancel")
        sale.cancelled = True

    # ---- handling

    async def accepted(self, promised):
        order = promised.order
        await self._merchant(order).post(f"/merchant/orders/{order['order_id']}/accept")
        promised.accepted = True

    async def shipped(self, promised):
        order = promised.order
        number = f"SF{a_key(self.rng)[:18]}"
        parcel = {"carrier": CARRIER, "tracking_number": number}
        await self._merchant(order).post(f"/merchant/orders/{order['order_id']}/ship", parcel)
        promised.parcels.append(number)
        for event in ("in_transit", "delivered"):
            await self.actors.carrier.report(number, event)
        promised.delivered.append(number)

    def _merchant(self, order):
        return self.actors.market.merchants[order["shop_id"]]

    async def requests_refund(self, promised, **wanted):
        path = f"/orders/{promised.order['order_id']}/refunds"
        refund = await self.shopper.post(path, {**wanted, "reason_text": "不要了"}, key=a_key(self.rng))
        promised.refunds[refund["refund_id"]] = "requested"
        verdict = self.rng.choice(("approve", "approve", "refuse", None))
        if verdict:
            merchant = self._merchant(promised.order)
            await merchant.post(f"/merchant/refunds/{refund['refund_id']}/{verdict}")
            promised.refunds[refund["refund_id"]] = {"approve": "refunded", "refuse": "refused"}[verdict]


# ---- the scenarios


async def is_delivered(scenario: Scenario, method: str) -> None:
    """Paid, accepted, shipped, delivered; sometimes the shopper confirms the receipt."""
    sale, confirmed = await scenario.pays_and_is_confirmed(method)
    for promised in sale.orders.values() if confirmed else ():
        await scenario.accepted(promised)
        await scenario.shipped(promised)
        if scenario.rng.random() < 0.5:
            await scenario.shopper.post(f"/orders/{promised.order['order_id']}/receive")
            promised.received = True


async def is_refused_by_the_merchant(scenario: Scenario, method: str) -> None:
    sale, confirmed = await scenario.pays_and_is_confirmed(method)
    await scenario.plans_refund_outcome(sale)
    for promised in sale.orders.values() if confirmed else ():
        path = f"/merchant/orders/{promised.order['order_id']}/refuse"
        await scenario._merchant(promised.order).post(path, {"reason_text": "缺货"})
        promised.cancelled = True
    await scenario.completes_refunds(sale)


async def is_cancelled_unpaid(scenario: Scenario, _method: str) -> None:
    sale = await scenario.buys(WECHAT)
    await asyncio.sleep(scenario.rng.uniform(0, 2))
    await scenario.cancels(sale)


async def is_cancelled_while_it_is_paid(scenario: Scenario, _method: str) -> None:
    sale = await scenario.buys(WECHAT)
    if await scenario.can_pay(sale):
        await asyncio.gather(scenario.pays(sale), scenario.cancels(sale))


async def is_paid_too_late(scenario: Scenario, _method: str) -> None:
    sale = await scenario.buys(WECHAT)
    if await scenario.can_pay(sale):
        await scenario.cancels(sale)
        with contextlib.suppress(Refused):  # a first attempt whose answer was lost has paid
            await scenario.actors.provider.does(sale.trade, "pay-late", allow=("ORDERPAID",))
        sale.paid = True


async def is_cancelled_afterwards(scenario: Scenario, method: str) -> None:
    sale, confirmed = await scenario.pays_and_is_confirmed(method)
    await scenario.plans_refund_outcome(sale)
    for promised in sale.orders.values() if confirmed else ():
        await scenario.shopper.post(f"/orders/{promised.order['order_id']}/cancel", {"reason_text": "买重了"})
        promised.cancelled = True
    await scenario.completes_refunds(sale)


async def is_refunded_by_hand(scenario: Scenario, _method: str) -> None:
    sale, confirmed = await scenario.pays_and_is_confirmed(WECHAT)
    if not confirmed:
        return
    sale.refund_plan = "refuse"  # until the end of the run, when the merchant has the permission
    await scenario.actors.provider.plans_refund(sale.trade, "refuse", code="NO_AUTH", times=100_000)
    for promised in sale.orders.values():
        await scenario.shopper.post(f"/orders/{promised.order['order_id']}/cancel", {"reason_text": "买重了"})
        promised.cancelled = True
        await scenario.is_refunded_in_the_merchant_platform(sale, promised)


async def is_partly_refunded(scenario: Scenario, method: str) -> None:
    sale, confirmed = await scenario.pays_and_is_confirmed(method)
    await scenario.plans_refund_outcome(sale)
    for promised in sale.orders.values() if confirmed else ():
        await scenario.accepted(promised)
        line = promised.order["lines"][0]
        await scenario.requests_refund(promised, lines=[{"line_id": line["line_id"], "quantity": 1}])
    await scenario.completes_refunds(sale)


async def is_fully_refunded(scenario: Scenario, method: str) -> None:
    sale, confirmed = await scenario.pays_and_is_confirmed(method)
    await scenario.plans_refund_outcome(sale)
    for promised in sale.orders.values() if confirmed else ():
        await scenario.accepted(promised)
        await scenario.requests_refund(promised, whole=True)
    await scenario.completes_refunds(sale)


async def is_notified_out_of_order(scenario: Scenario, _method: str) -> None:
    """The provider notifies late, twice, and out of order."""
    sale = await scenario.buys(WECHAT)
    if not await scenario.can_pay(sale):
        return
    await scenario.actors.provider.does(sale.trade, "hold-notifications")
    await scenario.pays(sale)
    await asyncio.sleep(scenario.rng.uniform(0, 3))
    if sale.paid:
        await scenario.actors.provider.does(sale.trade, "notify-out-of-order")
        await scenario.actors.provider.does(sale.trade, "notify-twice")


def _numbered(page: dict, number: str) -> str | None:
    """The id of the unidentified money with this number of the provider."""
    return next((item["unidentified_id"] for item in page["items"] if item["number"] == number), None)


SCENARIOS = {
    is_delivered: 6,
    is_refused_by_the_merchant: 1,
    is_cancelled_unpaid: 2,
    is_cancelled_while_it_is_paid: 2,
    is_paid_too_late: 1,
    is_cancelled_afterwards: 2,
    is_refunded_by_hand: 2,
    is_partly_refunded: 2,
    is_fully_refunded: 1,
    is_notified_out_of_order: 2,
}


async def run_scenario(actors: Actors, seed: str) -> None:
    """Play one scenario; its choices depend only on the seed and the system's answers."""
    rng = Random(seed)
    (action,) = rng.choices(list(SCENARIOS), list(SCENARIOS.values()))
    scenario = Scenario(actors, rng, rng.choice(actors.shoppers))
    method = rng.choice((WECHAT, CASH))
    try:
        if rng.random() < 0.1:
            scenario.shopper = await Shopper(scenario.shopper.connections, actors.record).register(
                rng, actors.promises
            )
        actors.record.scenarios[action.__name__] += 1
        await action(scenario, method)
        actors.record.done["completed"] += 1
    except Broken:
        actors.record.done["aborted"] += 1
    except Exception as failure:  # noqa: BLE001 - an error of the harness is a violation
        actors.record.violated(f"{action.__name__} ended with {failure!r}")


async def shop(actors: Actors, seed: int, rate: float, seconds: float) -> None:
    """Start scenarios at a steady rate, at most AT_ONCE at a time, and return when the last has ended."""
    rng, clock = Random(f"{seed} arrivals"), asyncio.get_running_loop()
    until, number, places = clock.time() + seconds, 0, asyncio.Semaphore(AT_ONCE)
    async with asyncio.TaskGroup() as scenarios:
        while clock.time() < until:
            await places.acquire()
            scenario = scenarios.create_task(run_scenario(actors, f"{seed} scenario {number}"))
            scenario.add_done_callback(lambda _: places.release())
            number += 1
            await asyncio.sleep(rng.expovariate(rate))
