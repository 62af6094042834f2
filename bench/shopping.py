"""The load: shoppers who buy. A process of its own: `python -m bench.shopping` reads a job and prints its result.

The job is a JSON object on standard input: `scenario`, the addresses, tokens, SKUs, and either `at_once` shoppers,
each of whom starts again when finished (closed loop), or `rate` purchases a second (open loop).
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from bench.http import Connection, Refused, dues

API = "/api/v1"
ADDRESS = {"province": "浙江省", "city": "杭州市", "street": "北山街 84 号", "postcode": "310007"}
CONTACT = {"name": "周静", "phone": "13800138000"}
WECHAT, CASH = "wechat", "cash_on_delivery"
GIVE_UP = 30.0  # seconds after which a purchase counts as an error
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to do, and for how long."""

    scenario: str
    gateway: str
    sandbox: str
    tokens: list[str]
    skus: list[str]
    at_once: int = 16
    rate: float = 0.0
    seconds: float = 10.0
    most: int = 0  # how many in all; 0: as many as are possible within `seconds`
    orders: list[Json] = field(default_factory=list)  # of the scenario `refund`: order_id and token of its buyer


@dataclass
class Result:
    """Counts, the times in seconds, and what was refused."""

    done: int = 0
    seconds: float = 0.0
    awaiting: list[float] = field(default_factory=list)  # from check-out to awaiting payment
    confirmed: list[float] = field(default_factory=list)  # from quote to confirmed
    late: list[float] = field(default_factory=list)  # the time of each success since the beginning
    begun: list[float] = field(default_factory=list)  # from when each was due until it was begun
    refused: Counter[str] = field(default_factory=Counter)
    early: Counter[str] = field(default_factory=Counter)  # refused with 429 or 503 and Retry-After
    errors: Counter[str] = field(default_factory=Counter)
    orders: list[Json] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)


class Shopper:
    """Buys over one connection."""

    def __init__(self, job: Job, result: Result, token: str) -> None:
        self.job, self.result, self.token = job, result, token
        self.gateway = Connection(job.gateway, token)

    async def buys(self, sku_id: str, method: str, due: float) -> None:
        """Quote, check out, pay, and wait until the order is confirmed."""
        quote = await self.quote(sku_id)
        checked_out = time.monotonic()
        placed = await self.checks_out(quote, method)
        await self.follows(placed, method, checked_out)
        self.result.confirmed.append(time.monotonic() - due)
        self.result.orders += [{"order_id": each["order_id"], "token": self.token} for each in placed["orders"]]

    async def quote(self, sku_id: str) -> Json:
        lines = [{"sku_id": sku_id, "quantity": 1}]
        body = {"lines": lines, "benefits": [], "province": ADDRESS["province"]}
        return await self.gateway.post(f"{API}/quotes", body)

    async def checks_out(self, quote: Json, method: str) -> Json:
        body = {"quote_token": quote["token"], "payment_method": method, "address": ADDRESS, "contact": CONTACT}
        return await self.gateway.post(f"{API}/checkouts", body, key=str(uuid4()))

    async def follows(self, placed: Json, method: str, checked_out: float) -> None:
        """Follow the checkout's stream until it is confirmed; pay once it can be paid."""
        must_pay = method == WECHAT
        async with Connection(self.job.gateway, self.token) as live:
            path = f"{API}/checkouts/{placed['checkout_id']}/stream"
            async with aclosing(live.stream(path)) as states:
                async for now in states:
                    if now["state"] == "confirmed":
                        return
                    if now["state"] == "cancelled":
                        raise SoldOut
                    if must_pay and (code := qr_code(now)):
                        must_pay = False
                        self.result.awaiting.append(time.monotonic() - checked_out)
                        await self.pays(code)
        raise ConnectionError("the stream ended")

    async def pays(self, code: str) -> None:
        async with Connection(self.job.sandbox) as sandbox:
            await sandbox.post("/sandbox/pay", {"code_url": code})


class SoldOut(Exception):
    """The order was cancelled: there is no stock left."""


def qr_code(checkout: Json) -> str | None:
    """The content of a checkout's QR code, while it can be paid with one."""
    return ((checkout.get("payment") or {}).get("pay_action") or {}).get("content")


async def run(job: Job) -> Result:
    """Do the job."""
    result, one = Result(), SCENARIOS[job.scenario]
    if job.rate:
        await open_loop(job, result, one)
    else:
        await closed_loop(job, result, one)
    result.seconds = (max(result.late) if job.most and result.late else time.monotonic() - result.began) or 1.0
    return result


Scenario = Callable[[Job, Result, int, float], Awaitable[None]]


async def closed_loop(job: Job, result: Result, one: Scenario) -> None:
    """`at_once` shoppers, each of whom begins again at once; who was refused early tries again when told to."""
    numbers, over = count(), lambda: not job.most and time.monotonic() - result.began >= job.seconds

    async def repeats() -> None:
        while not over():
            number = next(numbers)
            if job.most and number >= job.most:
                return
            pause = await counted(job, result, one, number, time.monotonic())
            while pause and not over():
                await asyncio.sleep(pause)
                pause = await counted(job, result, one, number, time.monotonic())

    await asyncio.gather(*(repeats() for _ in range(job.at_once)))


async def open_loop(job: Job, result: Result, one: Scenario) -> None:
    """`rate` a second; a late answer delays no other request, and its time counts from when it was due."""
    numbers, running = count(), set[asyncio.Task[float]]()
    async for due in dues(job.rate):
        if due - result.began > job.seconds:
            break
        task = asyncio.create_task(counted(job, result, one, next(numbers), due))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)


async def counted(job: Job, result: Result, one: Scenario, number: int, due: float) -> float:
    """Run one, and count its outcome. Returns after how many seconds to come again, if it was refused early."""
    result.begun.append(time.monotonic() - due)
    try:
        async with asyncio.timeout(GIVE_UP):
            await one(job, result, number, due)
    except Refused as refused:
        is_early = refused.status in (429, 503) and refused.retry_after > 0
        (result.early if is_early else result.refused)[f"{refused.status} {refused.code}"] += 1
        return refused.retry_after if is_early else 0.0
    except SoldOut:
        result.refused["sold out"] += 1
    except (TimeoutError, OSError, EOFError) as failure:
        result.errors[type(failure).__name__] += 1
    else:
        result.done += 1
        result.late.append(time.monotonic() - result.began)
    return 0.0


async def purchase(job: Job, result: Result, number: int, due: float) -> None:
    """One purchase of a shopper, paid with WeChat."""
    await bought(job, result, number, WECHAT, due)


async def cash(job: Job, result: Result, number: int, due: float) -> None:
    """One purchase, paid on delivery: confirmed without a payment."""
    await bought(job, result, number, CASH, due)


async def bought(job: Job, result: Result, number: int, method: str, due: float) -> None:
    shopper = Shopper(job, result, job.tokens[number % len(job.tokens)])
    async with shopper.gateway:
        await shopper.buys(job.skus[number % len(job.skus)], method, due)


async def refund(job: Job, _result: Result, number: int, _due: float) -> None:
    """Cancel a paid order, and wait until all of it is refunded."""
    order = job.orders[number]
    path = f"{API}/orders/{order['order_id']}"
    async with Connection(job.gateway, order["token"]) as shopper:
        await shopper.post(f"{path}/cancel", {"reason_text": "不要了"})
        while (now := await shopper.get(path))["refunded"] != now["total"]:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.2)


SCENARIOS: dict[str, Scenario] = {"purchase": purchase, "cash": cash, "refund": refund}


def percentiles(times: list[float]) -> Json:
    """p50, p95 and p99 in milliseconds."""
    ordered = sorted(times)
    at = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1)  # noqa: E731
    return {f"p{percent}": at(percent / 100) for percent in (50, 95, 99)} if ordered else {}


def main() -> None:
    job, before = Job(**json.load(sys.stdin)), time.process_time()
    result = asyncio.run(run(job))
    times = {"awaiting": percentiles(result.awaiting), "confirmed": percentiles(result.confirmed)}
    times["begun"] = percentiles(result.begun)
    print(json.dumps({**vars(result), **times, "late": [], "cpu": time.process_time() - before}))


if __name__ == "__main__":
    main()
