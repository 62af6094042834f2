"""Recovery: the time from a part's first answer until new orders, one of each payment method, are confirmed."""

import asyncio
from random import Random

from tests.chaos.clients import a_key
from tests.chaos.people import Shopper, qr_code
from tests.chaos.record import Record
from tests.chaos.shoppers import Actors

ENOUGH = 60.0  # seconds; later recoveries are not measured


class Canary:
    """A shopper who places one order with each payment method and waits for them."""

    def __init__(self, shopper: Shopper, actors: Actors, sku_id: str, rng: Random) -> None:
        self.shopper, self.actors, self.sku_id, self.rng = shopper, actors, sku_id, rng

    async def places_orders(self) -> None:
        """Return when a cash-on-delivery order and one paid by WeChat are confirmed."""
        await asyncio.gather(self._orders("cash_on_delivery"), self._orders("wechat"))

    async def _orders(self, method: str) -> None:
        quote = await self.shopper.quote([(self.sku_id, 1)])
        key = a_key(self.rng)
        body, placed = await self.shopper.checks_out(quote, method, key)
        sale = self.actors.promises.sold(self.shopper, key, body, placed)
        path = f"/checkouts/{sale.checkout_id}"
        if method == "wechat":
            ready = await self.shopper.reads_until(path, _can_be_paid, ENOUGH, every=0.1, growing=1)
            if not qr_code(ready):
                raise NotRecovered(f"the canary's order is {ready['state']}: {ready.get('reason')}")
            sale.trade = await self.actors.market.number_at_the_provider(placed["payment_id"])
            sale.paid = await self.actors.provider.pay(sale.trade)
        found = await self.shopper.reads_until(
            path, lambda c: c["state"] != "placed", ENOUGH, every=0.1, growing=1
        )
        if found["state"] != "confirmed":
            raise NotRecovered(f"the canary's {method} order is {found['state']}: {found.get('reason')}")


class NotRecovered(Exception):
    """An order placed after the fault was not confirmed."""


def _can_be_paid(checkout) -> bool:
    return bool(qr_code(checkout)) or checkout["state"] != "placed"


async def measure_calm(canary: Canary, record: Record) -> None:
    """Measure the same orders without faults, as a baseline."""
    began = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(ENOUGH):
            await canary.places_orders()
    except Exception as failure:  # noqa: BLE001 - any failure is a violation
        record.violated(f"without a fault: {failure!r}")
    else:
        record.calm.append(asyncio.get_running_loop().time() - began)


async def measure(canary: Canary, record: Record, kind: str, answered: float) -> None:
    """Record the time; no recovery is a violation."""
    clock = asyncio.get_running_loop().time
    try:
        async with asyncio.timeout(ENOUGH):
            await canary.places_orders()
    except TimeoutError:
        record.violated(f"{kind}: no recovery within {ENOUGH:g} s")
        return
    except Exception as failure:  # noqa: BLE001 - any failure is a violation
        record.violated(f"{kind}: {failure!r}")
        return
    took = clock() - answered
    record.recoveries[kind].append(took)
    record.line(f"    recovered in {took:.1f} s")
