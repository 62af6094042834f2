"""The parts of the benchmark. Each returns its figures under the names of the report."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench import machine, wrk
from bench.costs import Costs
from bench.following import following
from bench.ground import Ground
from bench.http import read_once
from bench.load import Load
from bench.measures import Meter
from local import auditing, system
from local.waiting import wait_until
from shared.ids import new_id
from shared.testing.databases import ROOT

Figures = dict[str, Any]
WORDS = "纯棉 包被 饭碗 笔记本 床品件套 Cotton Linen Towel Bowl 收纳盒 亚麻 胡桃木"
SORTS = ("newest", "price_up", "price_down")


@dataclass
class Bench:
    """The running benchmark: its system, its load, and the errors so far."""

    ground: Ground
    load: Load
    errors: dict[str, int] = field(default_factory=dict)
    put_off: dict[str, int] = field(default_factory=dict)  # refused with Retry-After at a top rate
    bought: list[Figures] = field(default_factory=list)  # orders with their buyers' tokens

    def __post_init__(self) -> None:
        self.meter = Meter(self.ground.up, self.ground.servers)
        self.costs = Costs(self.ground.up, self.ground.servers)

    # ---- the machine

    def pgbench(self) -> Figures:
        """TPC-B with 8 clients, in a database of its own on the same server."""
        return {"pgbench_tps": machine.pgbench(self.ground.servers.postgres_url, self.load.seconds)}

    def hello(self) -> Figures:
        """An empty route on the gateway's server."""
        with machine.empty_route() as url:
            return {"hello_rps": self._read(url, ["/"], "hello")}

    # ---- reads

    def reads(self) -> Figures:
        """Listing pages, products and searches: each is read once before, which for products is a figure, too."""
        shop = f"/api/v1/products?shop_id={self.ground.shop_id}&limit=20&sort="
        lists = [f"{shop}{sort}" for sort in SORTS] + self._further_pages(47)
        products = [f"/api/v1/products/{each}" for each in self.ground.product_ids]
        searches = [f"/api/v1/products?limit=20&q={quote(word)}" for word in WORDS.split()]
        cold = [self._read_once(paths) for paths in (lists, products, searches)]
        return {
            "product_cold_rps": cold[1],
            "browse_rps": self._read(self.ground.url, lists, "browse"),
            "product_rps": self._read(self.ground.url, products, "product"),
            "search_rps": self._read(self.ground.url, searches, "search"),
        }

    def quotes(self) -> Figures:
        """Quotes of one SKU."""
        lines = [{"sku_id": self.ground.skus[0], "quantity": 1}]
        body = json.dumps({"lines": lines, "benefits": [], "province": "浙江省"})
        (token,) = self.ground.tokens(self.ground.shoppers[:1])
        found = wrk.read(
            self.ground.url,
            ["/api/v1/quotes"],
            self.load.seconds,
            connections=self.load.connections,
            bodies=[body],
            token=token,
        )
        self._count("quote", found.errors)
        return {"quote_rps": round(found.rate)}

    def _further_pages(self, count: int) -> list[str]:
        """The addresses of the pages that follow the first one."""
        found, cursor = [], ""
        for _ in range(count):
            path = f"/products?limit=20{cursor}"
            page = self.ground.merchant.get(path)
            found.append(f"/api/v1{path}")
            if not page["next"]:
                break
            cursor = f"&cursor={quote(page['next'])}"
        return found

    def _read_once(self, paths: list[str]) -> int:
        return round(asyncio.run(read_once(self.ground.url, paths, self.load.connections)))

    def _read(self, url: str, paths: list[str], name: str) -> int:
        found = wrk.read(url, paths, self.load.seconds, connections=self.load.connections)
        self._count(name, found.errors)
        return round(found.rate)

    # ---- purchases

    def purchases(self) -> Figures:
        """Purchases paid with WeChat at the top rate, and what each costs."""
        self.shop("purchase", seconds=self.load.seconds / 3)  # fills caches and pools
        self.costs.analyse()
        found: Figures = {}
        self.meter.restart()
        counts = self.costs.during(lambda: found.update(self._purchases()) or found["done"])
        used, done = self.meter.used(), max(found["done"], 1)
        cpu = {name: round(1000 * spent / done, 1) for name, spent in used.items()}
        self.bought += found["orders"]
        return {
            "purchases_per_s": rate(found),
            "purchase_ms": found["confirmed"],
            "cpu_ms_per_purchase": {name: ms for name, ms in sorted(cpu.items(), key=lambda each: -each[1]) if ms},
            "load_cpu_ms_per_purchase": round(1000 * found["cpu"] / done, 1),
            "per_purchase": counts,
        }

    def _purchases(self) -> Figures:
        return self.shop("purchase", seconds=self.load.seconds * 2)

    def latency(self, top: float) -> Figures:
        """From check-out to awaiting payment: one shopper alone, then an open loop at half of the top rate."""
        alone = self.shop("purchase", at_once=1)
        half = self.shop("purchase", rate=top / 2, seconds=self.load.seconds * 1.5)
        self.bought += alone["orders"] + half["orders"]
        return {"checkout_to_awaiting_payment_ms": {"alone": alone["awaiting"], "half": half["awaiting"]}}

    def cash(self) -> Figures:
        """Purchases paid on delivery at the top rate."""
        return {"cod_checkouts_per_s": rate(self.shop("cash"))}

    def hot_sku(self) -> Figures:
        """All buyers want one of the pieces."""
        buyers, pieces = self.load.buyers, self.load.buyers // 4
        tokens, sku = self.ground.tokens([new_id() for _ in range(buyers)]), self.ground.single(pieces)
        found = self.shop("cash", tokens=tokens, skus=[sku], at_once=self.load.buyers_at_once, most=buyers)
        if found["done"] != pieces:
            self._count(f"hot SKU sold {found['done']} of {pieces}", 1)
        return {"hot_sku_per_s": rate(found), "hot_sku_sold": found["done"]}

    def refunds(self) -> Figures:
        """Paid orders are cancelled, each until its money is refunded."""
        orders, self.bought = self.bought[: self.load.refunds * 4], []
        found = self.shop("refund", at_once=self.load.refunds, most=len(orders), orders=orders)
        return {"refunds_per_s": rate(found)}

    def overload(self, top: float) -> Figures:
        """Five times the top rate: how much of it is completed, and how many are refused early.

        The load generator shares the processors: `cpu_share` is its part of one of them, `late_ms` is how late it
        began a purchase after it was due.
        """
        found = self.shop("purchase", rate=top * 5, allow=True)
        early = sum(found["early"].values())
        refused = early + sum(found["refused"].values())
        return {
            "overload_completed": round(found["done"] / found["seconds"] / top, 2),
            "overload_refused_early": round(early / refused, 2) if refused else 1.0,
            "overload_load": {"cpu_share": round(found["cpu"] / found["seconds"], 2), "late_ms": found["begun"]},
        }

    def shop(self, scenario: str, *, allow: bool = False, **more: Any) -> Figures:
        """Run a load in a process of its own. Refusals are errors, unless allowed; sold out is none.

        Those who are told when to come again, and do, are counted, too: a top rate needs none of them.
        """
        job = {"scenario": scenario, "gateway": self.ground.url, "sandbox": self.ground.up.site.sandbox_url}
        job |= {"tokens": more.pop("tokens", None) or self.ground.tokens(), "seconds": self.load.seconds}
        job["at_once"] = self.load.shoppers
        job |= {"skus": more.pop("skus", None) or self.ground.skus, **more}
        command = [sys.executable, "-m", "bench.shopping"]
        ended = subprocess.run(command, input=json.dumps(job), check=True, stdout=subprocess.PIPE, text=True)
        found: Figures = json.loads(ended.stdout)
        for name, count in {**found["errors"], **({} if allow else found["refused"])}.items():
            if name != "sold out":
                self._count(f"{scenario}: {name}", count)
        if not allow:
            self.put_off[scenario] = self.put_off.get(scenario, 0) + sum(found["early"].values())
        return found

    # ---- messages

    def events(self) -> Figures:
        """Changes of products, each with its event, until marketing has handled all of them."""
        count = int(self.load.seconds * 2000)
        environment = os.environ | system.settings(self.ground.up.site, "catalog")
        with following(self.ground.up.site.databases) as are_handled:
            command = [sys.executable, "-m", "bench.events", str(count)]
            with subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            ) as producer:
                assert producer.stdout
                producer.stdout.readline()  # it is ready: its start is not measured
                began = time.monotonic()
                producer.communicate(b"go\n")
            wait_until(lambda: are_handled(count), "all events are handled", seconds=120, every=0.05)
            took = time.monotonic() - began
        return {"events_per_s": round(count / took)}

    # ---- at rest

    def idle(self) -> Figures:
        """The CPU of our own processes at rest, in per cent of one core; before any load, which is audited."""
        time.sleep(2)
        self.meter.restart()
        time.sleep(self.load.seconds)
        ours = self.ground.up.supervisor.children
        spent = sum(used for name, used in self.meter.used().items() if name in ours)
        return {"idle_cpu_percent": round(100 * spent / self.load.seconds, 1)}

    def memory(self) -> Figures:
        """The memory of our own processes in MiB."""
        resident = self.meter.resident()
        return {
            "rss_mb": resident,
            "rss_mb_total": round(sum(mb for name, mb in resident.items() if name not in AROUND)),
        }

    def audit(self, *, full: bool = True) -> Figures:
        """Wait until everything is settled, and check that the books add up. Raises Inconsistent."""
        auditing.check_consistent(self.ground.up.site, self.ground.servers, within=300, full=full)
        return {"audit": "clean"}

    def _count(self, name: str, errors: int) -> None:
        if errors:
            self.errors[name] = self.errors.get(name, 0) + errors


def rate(found: Figures) -> float:
    """How many were done in a second."""
    return round(found["done"] / found["seconds"], 1)


AROUND = ("sandbox", "auditor")  # neither a service nor a relay nor the gateway
Phase = Callable[[], Figures]


def write(figures: Figures, folder: Path = ROOT / ".run" / "bench") -> Path:
    """Store the figures of a run."""
    file = folder / "figures.json"
    file.write_text(json.dumps(figures, indent=1, ensure_ascii=False))
    return file
