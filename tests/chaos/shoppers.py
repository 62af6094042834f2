"""What shoppers, merchants and the carrier do with one order: stories, each played by a seeded generator."""

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
# What becomes of a refund at the provider; `wait` stays PROCESSING until somebody finishes it, at last the run.
FATES = ("wait", "wait", "close", "abnormal", "refuse")
SOON = 60.0  # seconds that a story waits for something to come true; the end of the run waits for the rest
OVER = ("transition_not_allowed", "order_not_refundable")  # the order was over before it was asked


@dataclass
class Cast:
    """Everybody who takes part in stories."""

    market: Market
    carrier: Carrier
    provider: Provider
    promises: Promises
    record: Record
    shoppers: list[Shopper]


@dataclass
class SagaPath:
    """One sale from the quote on."""

    cast: Cast
    rng: Random
    shopper: Shopper

    # ---- buying

    async def buys(self, method) -> Sale:
        shops = self.rng.sample(list(self.cast.market.goods), self.rng.choice((1, 1, 2)))
        lines = [(self.rng.choice(self.cast.market.goods[shop]), self.rng.randint(1, 3)) for shop in shops]
        coupon = await self._coupon(shops[0]) if self.rng.random() < 0.4 else None
        quote = await self.shopper.quote(lines, [coupon] if coupon else ())
        key = a_key(self.rng)
        body, placed = await self.shopper.checks_out(quote, method, key)
        self.cast.record.done["placed"] += 1
        return self.cast.promises.sold(self.shopper, key, body, placed, coupon)

    async def _coupon(self, shop):
        path = f"/coupon-campaigns/{self.cast.market.campaigns[shop]}/claims"
        coupon = await self.shopper.post(path, key=a_key(self.rng))
        self.cast.promises.coupons[coupon["coupon_id"]] = self.shopper
        return coupon["coupon_id"]

    async def stands(self, sale, holds):
        """The checkout when it stands so; Broken if it never does while somebody waits."""
        found = await self.shopper.sees(f"/checkouts/{sale.checkout_id}", holds, SOON)
        if not holds(found):
            self.cast.record.done["left waiting"] += 1
            raise Broken(sale.checkout_id)
        return found

    async def confirmed(self, sale):
        """Whether it was; a checkout whose step was not answered in time is cancelled by itself."""
        found = await self.stands(sale, lambda c: c["state"] in FINAL)
        return found["state"] == "confirmed"

    async def can_pay(self, sale):
        """Wait for the QR code; whether there is one, and not a cancelled checkout."""

        def ready(checkout):
            return checkout["state"] == "cancelled" or qr_code(checkout)

        found = await self.stands(sale, ready)
        if found["state"] == "cancelled":
            return False
        sale.trade = await self.cast.market.number_at_the_provider(sale.placed["payment_id"])
        return True

    async def pays(self, sale):
        if await self.can_pay(sale):
            sale.paid = await self.cast.provider.pay(sale.trade)
        return sale.paid

    async def pays_and_is_confirmed(self, method):
        sale = await self.buys(method)
        ready = method == CASH or await self.pays(sale)
        return sale, ready and await self.confirmed(sale)

    async def has_a_fate(self, sale):
        """Three in ten of the refunds of a payment do not simply arrive."""
        if sale.trade and self.rng.random() < 0.3:
            sale.fate = self.rng.choice(FATES)
            self.cast.record.done[f"refund {sale.fate}"] += 1
            await self.cast.provider.plans_refund(sale.trade, sale.fate)

    async def fate_ends(self, sale):
        """Some refunds that wait arrive while everything else goes on; the others at the end of the run."""
        if sale.fate and self.rng.random() < 0.5:
            await asyncio.sleep(self.rng.uniform(1, 15))
            await self.cast.provider.settles_refunds(sale.trade)

    async def goes_back_by_hand(self, sale, promised):
        """Somebody refunds in the merchant platform what the provider refuses, and an operator assigns it."""
        cast, path = self.cast, f"/orders/{promised.order['order_id']}/refunds"
        owed = await self.shopper.sees(path, lambda page: page["items"], SOON)
        for refund in owed["items"]:
            made = await cast.provider.refunds_by_hand(sale.trade, refund["amount"]["amount"])
            if made is None:
                continue
            found = await cast.market.operator.sees(
                "/operator/unidentified?limit=100", lambda page, n=made["out_refund_no"]: _numbered(page, n), SOON
            )
            unexplained = _numbered(found, made["out_refund_no"])
            if unexplained is None:
                raise Broken(made["out_refund_no"])
            path = f"/operator/unidentified/{unexplained}/assign"
            meant = {"refund_ids": [refund["refund_id"]], "note": "在商户平台手动退款"}
            await self._assigned(path, meant)

    async def _assigned(self, path, meant):
        """Again while payments has not heard of the refund, or the provider may be carrying it out.

        A try whose answer was lost has done it.
        """
        later = ("refund_not_found", "refund_in_progress")
        allowed = ("unidentified_money_resolved", "refund_decided", *later)
        for _ in range(30):
            try:
                await self.cast.market.operator.post(path, meant, allow=allowed)
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
            await self.cast.carrier.report(number, event)
        promised.delivered.append(number)

    def _merchant(self, order):
        return self.cast.market.merchants[order["shop_id"]]

    async def asks_back(self, promised, **wanted):
        path = f"/orders/{promised.order['order_id']}/refunds"
        refund = await self.shopper.post(path, {**wanted, "reason_text": "不要了"}, key=a_key(self.rng))
        promised.refunds[refund["refund_id"]] = "requested"
        verdict = self.rng.choice(("approve", "approve", "refuse", None))
        if verdict:
            merchant = self._merchant(promised.order)
            await merchant.post(f"/merchant/refunds/{refund['refund_id']}/{verdict}")
            promised.refunds[refund["refund_id"]] = {"approve": "refunded", "refuse": "refused"}[verdict]


# ---- the stories


async def is_delivered(story: SagaPath, method: str) -> None:
    """Paid, accepted, shipped, delivered; sometimes the shopper says so."""
    sale, confirmed = await story.pays_and_is_confirmed(method)
    for promised in sale.orders.values() if confirmed else ():
        await story.accepted(promised)
        await story.shipped(promised)
        if story.rng.random() < 0.5:
            await story.shopper.post(f"/orders/{promised.order['order_id']}/receive")
            promised.received = True


async def is_refused_by_the_merchant(story: SagaPath, method: str) -> None:
    sale, confirmed = await story.pays_and_is_confirmed(method)
    await story.has_a_fate(sale)
    for promised in sale.orders.values() if confirmed else ():
        path = f"/merchant/orders/{promised.order['order_id']}/refuse"
        await story._merchant(promised.order).post(path, {"reason_text": "缺货"})
        promised.cancelled = True
    await story.fate_ends(sale)


async def is_cancelled_unpaid(story: SagaPath, _method: str) -> None:
    sale = await story.buys(WECHAT)
    await asyncio.sleep(story.rng.uniform(0, 2))
    await story.cancels(sale)


async def is_cancelled_while_it_is_paid(story: SagaPath, _method: str) -> None:
    sale = await story.buys(WECHAT)
    if await story.can_pay(sale):
        await asyncio.gather(story.pays(sale), story.cancels(sale))


async def is_paid_too_late(story: SagaPath, _method: str) -> None:
    sale = await story.buys(WECHAT)
    if await story.can_pay(sale):
        await story.cancels(sale)
        with contextlib.suppress(Refused):  # a first try whose answer was lost has paid
            await story.cast.provider.does(sale.trade, "pay-late", allow=("ORDERPAID",))
        sale.paid = True


async def is_cancelled_afterwards(story: SagaPath, method: str) -> None:
    sale, confirmed = await story.pays_and_is_confirmed(method)
    await story.has_a_fate(sale)
    for promised in sale.orders.values() if confirmed else ():
        await story.shopper.post(f"/orders/{promised.order['order_id']}/cancel", {"reason_text": "买重了"})
        promised.cancelled = True
    await story.fate_ends(sale)


async def is_refunded_by_hand(story: SagaPath, _method: str) -> None:
    sale, confirmed = await story.pays_and_is_confirmed(WECHAT)
    if not confirmed:
        return
    sale.fate = "refuse"  # until the end of the run, when the merchant has the permission
    await story.cast.provider.plans_refund(sale.trade, "refuse", code="NO_AUTH", times=100_000)
    for promised in sale.orders.values():
        await story.shopper.post(f"/orders/{promised.order['order_id']}/cancel", {"reason_text": "买重了"})
        promised.cancelled = True
        await story.goes_back_by_hand(sale, promised)


async def is_partly_asked_back(story: SagaPath, method: str) -> None:
    sale, confirmed = await story.pays_and_is_confirmed(method)
    await story.has_a_fate(sale)
    for promised in sale.orders.values() if confirmed else ():
        await story.accepted(promised)
        line = promised.order["lines"][0]
        await story.asks_back(promised, lines=[{"line_id": line["line_id"], "quantity": 1}])
    await story.fate_ends(sale)


async def comes_back_whole(story: SagaPath, method: str) -> None:
    sale, confirmed = await story.pays_and_is_confirmed(method)
    await story.has_a_fate(sale)
    for promised in sale.orders.values() if confirmed else ():
        await story.accepted(promised)
        await story.asks_back(promised, whole=True)
    await story.fate_ends(sale)


async def is_told_strangely(story: SagaPath, _method: str) -> None:
    """The provider reports late, twice, and in the wrong order."""
    sale = await story.buys(WECHAT)
    if not await story.can_pay(sale):
        return
    await story.cast.provider.does(sale.trade, "hold-notifications")
    await story.pays(sale)
    await asyncio.sleep(story.rng.uniform(0, 3))
    if sale.paid:
        await story.cast.provider.does(sale.trade, "notify-out-of-order")
        await story.cast.provider.does(sale.trade, "notify-twice")


def _numbered(page: dict, number: str) -> str | None:
    """The id of the unidentified money that the provider knows by this number."""
    return next((item["unidentified_id"] for item in page["items"] if item["number"] == number), None)


STORIES = {
    is_delivered: 6,
    is_refused_by_the_merchant: 1,
    is_cancelled_unpaid: 2,
    is_cancelled_while_it_is_paid: 2,
    is_paid_too_late: 1,
    is_cancelled_afterwards: 2,
    is_refunded_by_hand: 2,
    is_partly_asked_back: 2,
    comes_back_whole: 1,
    is_told_strangely: 2,
}


async def play(cast: Cast, seed: str) -> None:
    """One story, the same for the same seed as far as the system's answers are."""
    rng = Random(seed)
    (plot,) = rng.choices(list(STORIES), list(STORIES.values()))
    story = SagaPath(cast, rng, rng.choice(cast.shoppers))
    method = rng.choice((WECHAT, CASH))
    try:
        if rng.random() < 0.1:
            story.shopper = await Shopper(story.shopper.connections, cast.record).register(rng, cast.promises)
        cast.record.paths[plot.__name__] += 1
        await plot(story, method)
        cast.record.done["told to the end"] += 1
    except Broken:
        cast.record.done["broken off"] += 1
    except Exception as failure:  # noqa: BLE001 - a mistake of the harness must not pass for a calm run
        cast.record.violated(f"{plot.__name__} ended with {failure!r}")


async def shop(cast: Cast, seed: int, rate: float, seconds: float) -> None:
    """Begin stories at a steady rate, and return when the last has ended."""
    rng, clock = Random(f"{seed} arrivals"), asyncio.get_running_loop()
    until, number = clock.time() + seconds, 0
    async with asyncio.TaskGroup() as paths:
        while clock.time() < until:
            paths.create_task(play(cast, f"{seed} story {number}"))
            number += 1
            await asyncio.sleep(rng.expovariate(rate))
