"""The effect of a merchant's worst upload on shoppers: p50 and p95 at half of the top rate, without and during it.

    .venv/bin/python -m bench.upload_beside_shoppers [SECONDS]

A system of its own on test servers, with the products of the demo. Shoppers read products, lists and categories
over kept connections; requests are due at fixed times, and waiting for a free connection counts. The upload is the
worst that is accepted: 4 MiB, 200 columns, 20,000 rows of which half are invalid and the others a listed product
each, and descriptions of nested tags.

The machine may have other load. So the worker is frozen and resumed in turns of four seconds, and these turns,
which share the same minutes, are compared. Prints figures for docs/performance.md; the ratio is what counts.
"""

import asyncio
import bisect
import itertools
import os
import signal
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

from bench.http import Connection, dues
from local.api import Api
from local.demo import loader
from local.demo.people import MERCHANT, people
from local.running import RunningSystem, temporary
from local.servers import ensure
from shared.testing.databases import ROOT

Note = Callable[[float, float], None]
CONNECTIONS = 32
LARGEST, ROWS, COLUMNS = 4 * 2**20, 20_000, 200
UNBOUND = {"RATE_LIMIT": "100000", "RATE_LIMIT_BURST": "100000"}


def main(seconds: float) -> None:
    """Measure the top rate, then latencies at half of it."""
    os.environ.update(UNBOUND)
    servers = ensure(ROOT / ".run" / "bench")  # durable, unlike those of the tests
    try:
        with temporary(servers) as up:
            loader.load(up.site)
            asyncio.run(measure(up, seconds))
    finally:
        servers.stop()


async def measure(up: RunningSystem, seconds: float) -> None:
    """Print the latencies while the upload is processed, and while it is not."""
    paths, url = pages(up), up.site.gateway_url
    async with Shoppers(url, paths).open() as shoppers:
        await shoppers.as_fast_as_they_can(5)  # fills caches and pools
        top = await shoppers.as_fast_as_they_can(10)
        print(f"top rate: {top:.0f} requests/s with {CONNECTIONS} connections")
        upload(up)
        turns = Turns(up)
        turning = asyncio.create_task(turns.take(seconds))
        await shoppers.at(top / 2, turning.done, turns.note)
        print_figures(turns)


class Turns:
    """Resumes and freezes the worker in turns, each shorter than the database's timeout of an idle transaction."""

    LENGTH, SETTLING = 4.0, 1.0  # seconds; after the second, effects of the previous turn are over

    def __init__(self, up: RunningSystem) -> None:
        self._worker = int((up.site.run_dir / "logs" / "catalog-import.pid").read_text())
        self._began = [time.monotonic()]  # every other turn, beginning with the first, is the worker's
        self._requested: list[tuple[float, float]] = []

    async def take(self, seconds: float) -> None:
        """Take turns for this long."""
        over = until_after(seconds)
        while not over():
            await asyncio.sleep(self.LENGTH)
            os.kill(self._worker, signal.SIGSTOP if len(self._began) % 2 else signal.SIGCONT)
            self._began.append(time.monotonic())
        os.kill(self._worker, signal.SIGCONT)

    def note(self, due: float, took: float) -> None:
        """Record when a request was due, and its latency."""
        self._requested.append((due, took))

    def times(self, *, works: bool) -> list[float]:
        """The latencies of requests that were due while the worker ran, or while it was frozen."""
        found = []
        for due, took in self._requested:
            turn = bisect.bisect(self._began, due)
            if turn % 2 == works and due > self._began[turn - 1] + self.SETTLING:
                found.append(took)
        return found


def print_figures(turns: Turns) -> None:
    """Print the figures of both, and their ratios."""
    alone, beside = turns.times(works=False), turns.times(works=True)
    for name, times in (("without", alone), ("during", beside)):
        print(f"{name:8} {len(times):6} requests  p50 {at(times, 50):6.1f} ms  p95 {at(times, 95):6.1f} ms")
    for percent in (50, 95):
        print(f"p{percent} during / without: {at(beside, percent) / at(alone, percent):.2f}")


def at(times: list[float], percent: int) -> float:
    """The percentile in milliseconds."""
    return statistics.quantiles(times, n=100)[percent - 1] * 1000


def pages(up: RunningSystem) -> Iterator[str]:
    """The paths that shoppers read, without end."""
    anyone = Api(up.site.gateway_url)
    product_ids = [item["product_id"] for item in anyone.get("/products?limit=20")["items"]]
    lists = ["/products?limit=20", "/products?limit=20&sort=price_up", "/categories"]
    shown = [
        path for product_id in product_ids for path in (f"/products/{product_id}", lists[len(product_id) % 2])
    ]
    return itertools.cycle(f"/api/v1{path}" for path in (*shown, *lists))


def upload(up: RunningSystem) -> None:
    """Start the upload."""
    person = next(one for one in people(up.site.run_dir) if one.role == MERCHANT)
    merchant = Api(up.site.gateway_url).signed_in(person.email, person.password)
    file = worst_file()
    print(
        f"{len(file) / 2**20:.2f} MiB: {merchant.begin_import(f'shop={person.shop}', file, key='worst')['state']}"
    )


def until_after(seconds: float) -> Callable[[], bool]:
    """Whether this many seconds have passed."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def worst_file() -> bytes:
    """The worst file that is accepted."""
    named = ["Handle", "Title", "Variant Price", "Body (HTML)"]
    header = ",".join([*named, *(f"c{number}" for number in range(COLUMNS - len(named)))])
    half = (ROWS - 100) // 2
    broken = [f'b{number},"Broken "{number}"",5' for number in range(half)]
    product_ids = [f"p{number},Mug {number},5" for number in range(half)]
    lines = [header, *itertools.chain.from_iterable(zip(product_ids, broken, strict=True))]
    room = LARGEST - sum(len(line) + 1 for line in lines)
    nested = "<b>" * 60 + "<p>x</p>" * 5500 + "</b>" * 60
    lines += [f"d{number},Described {number},5,{nested}" for number in range(room // (len(nested) + 40))]
    return "\n".join(lines).encode()


class Shoppers:
    """Readers with kept connections, each of which sends one request at a time."""

    def __init__(self, url: str, paths: Iterator[str]) -> None:
        self._url, self._paths = url, paths
        self._free: asyncio.Queue[Connection] = asyncio.Queue()

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Shoppers"]:
        """With their connections, which are opened by the first request of each."""
        for _ in range(CONNECTIONS):
            self._free.put_nowait(Connection(self._url))
        yield self
        while not self._free.empty():
            self._free.get_nowait().close()

    async def as_fast_as_they_can(self, seconds: float) -> float:
        """Requests a second when each connection sends the next as soon as it has an answer."""
        over, times = until_after(seconds), list[float]()
        note = lambda _due, took: times.append(took)  # noqa: E731
        await asyncio.gather(*(self._repeat(over, note) for _ in range(CONNECTIONS)))
        return len(times) / seconds

    async def at(self, rate: float, over: Callable[[], bool], note: Note) -> None:
        """Send at this rate, and record when each request was due and how long after that it was answered."""
        requested = set()
        async for due in dues(rate):
            if over():
                break
            one = asyncio.create_task(self._call(due, note))
            requested.add(one)
            one.add_done_callback(requested.discard)
        await asyncio.gather(*requested)

    async def _repeat(self, over: Callable[[], bool], note: Note) -> None:
        while not over():
            await self._call(time.monotonic(), note)

    async def _call(self, due: float, note: Note) -> None:
        connection = await self._free.get()
        await connection.get(next(self._paths))
        self._free.put_nowait(connection)
        note(due, time.monotonic() - due)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 150)
