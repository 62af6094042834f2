"""The parts of the benchmark. Each returns its figures under the names of the report."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from bench import wrk
from bench.ground import Ground
from bench.measures import Meter
from local import auditing, packages, system
from local.waiting import wait_until
from shared.ids import new_id
from shared.testing.databases import ROOT
from shared.testing.processes import free_port

Figures = dict[str, Any]
WORDS = "纯棉 包被 饭碗 笔记本 床品件套 Cotton Linen Towel Bowl 收纳盒 亚麻 胡桃木"
SORTS = ("newest", "price_up", "price_down")


@dataclass
class Bench:
    """The running benchmark: its system, the meter, how long each part lasts, and the errors so far."""

    ground: Ground
    meter: Meter
    seconds: float
    buyers: int = 2000  # of one SKU, four for each piece
    errors: dict[str, int] = field(default_factory=dict)
    bought: list[Figures] = field(default_factory=list)  # orders with their buyers' tokens

    # ---- the machine

    def pgbench(self) -> Figures:
        """TPC-B with 8 clients, in a database of its own on the same server."""
        url = self.ground.servers.postgres_url
        tool = str(packages.program("pgbench", "postgresql"))
        subprocess.run([tool, "-i", "-q", "-s", "10", url], check=True, capture_output=True)
        command = [tool, "-c", "8", "-j", "2", "-T", f"{self.seconds:.0f}", url]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        tps = next(line for line in output.splitlines() if line.startswith("tps"))
        return {"pgbench_tps": round(float(tps.split()[2]))}

    def hello(self) -> Figures:
        """An empty route on the gateway's server."""
        port = free_port()
        environment = os.environ | {"GATEWAY_PORT": str(port), "OBSERVE_PORT": "0"}
        command = [sys.executable, "-m", "bench.hello"]
        with subprocess.Popen(command, env=environment) as server:
            try:
                wait_until(lambda: _answers(port), "the empty route answers", seconds=30)
                return {"hello_rps": self._read(f"http://127.0.0.1:{port}", ["/"], "hello")}
            finally:
                server.terminate()

    # ---- reads

    def reads(self) -> Figures:
        """Listing pages, products and searches, each over 16 connections."""
        shop = f"/api/v1/products?shop_id={self.ground.shop_id}&limit=20&sort="
        lists = [f"{shop}{sort}" for sort in SORTS] + self._further_pages(47)
        products = [f"/api/v1/products/{each}" for each in self.ground.product_ids]
        searches = [f"/api/v1/products?limit=20&q={quote(word)}" for word in WORDS.split()]
        return {
            "browse_rps": self._read(self.ground.url, lists, "browse"),
            "product_rps": self._read(self.ground.url, products, "product"),
            "search_rps": self._read(self.ground.url, searches, "search"),
        }

    def quotes(self) -> Figures:
        """Quotes of one SKU, over 16 connections."""
        lines = [{"sku_id": self.ground.skus[0], "quantity": 1}]
        body = json.dumps({"lines": lines, "benefits": [], "province": "浙江省"})
        (token,) = self.ground.tokens(self.ground.shoppers[:1])
        found = wrk.read(self.ground.url, ["/api/v1/quotes"], self.seconds, bodies=[body], token=token)
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

    def _read(self, url: str, paths: list[str], name: str) -> int:
        found = wrk.read(url, paths, self.seconds)
        self._count(name, found.errors)
        return round(found.rate)

    # ---- purchases

    def purchases(self) -> Figures:
        """Purchases paid with WeChat, by 16 shoppers at once, and the CPU of each."""
        self.shop("purchase", seconds=self.seconds / 3)  # fills caches and pools
        self.meter.restart()
        found = self.shop("purchase", seconds=self.seconds * 2)
        used, count = self.meter.used(), max(found["done"], 1)
        cpu = {
            name: round(1000 * spent / count, 1) for name, spent in sorted(used.items(), key=lambda each: -each[1])
        }
        self.bought += found["orders"]
        return {
            "purchases_per_s": round(found["done"] / found["seconds"], 1),
            "purchase_ms": found["confirmed"],
            "cpu_ms_per_purchase": {name: ms for name, ms in cpu.items() if ms},
        }

    def latency(self, rate: float) -> Figures:
        """From check-out to awaiting payment: one shopper alone, then an open loop at half of the top rate."""
        alone = self.shop("purchase", at_once=1)
        half = self.shop("purchase", rate=rate / 2, seconds=self.seconds * 1.5)
        self.bought += alone["orders"] + half["orders"]
        return {"checkout_to_awaiting_payment_ms": {"alone": alone["awaiting"], "half": half["awaiting"]}}

    def cash(self) -> Figures:
        """Purchases paid on delivery, by 16 shoppers at once."""
        found = self.shop("cash")
        return {"cod_checkouts_per_s": round(found["done"] / found["seconds"], 1)}

    def hot_sku(self) -> Figures:
        """All buyers want one of the pieces, 64 of them at a time."""
        tokens, pieces = self.ground.tokens([new_id() for _ in range(self.buyers)]), self.buyers // 4
        found = self.shop("cash", tokens=tokens, skus=[self.ground.single(pieces)], at_once=64, most=self.buyers)
        if found["done"] != pieces:
            self._count(f"hot SKU sold {found['done']} of {pieces}", 1)
        return {"hot_sku_per_s": round(found["done"] / found["seconds"], 1), "hot_sku_sold": found["done"]}

    def refunds(self) -> Figures:
        """Paid orders are cancelled, 16 at once, each until its money is refunded."""
        orders = self.bought[: int(self.seconds * 12)]
        found = self.shop("refund", at_once=16, most=len(orders), orders=orders)
        return {"refunds_per_s": round(found["done"] / found["seconds"], 1)}

    def overload(self, rate: float) -> Figures:
        """Five times the top rate: how much of it is completed, and how many are refused early."""
        found = self.shop("purchase", rate=rate * 5, seconds=self.seconds, allow=True)
        early, refused = found["refused_early"], sum(found["refused"].values())
        return {
            "overload_completed": round(found["done"] / found["seconds"] / rate, 2),
            "overload_refused_early": round(early / refused, 2) if refused else 1.0,
        }

    def shop(self, scenario: str, *, allow: bool = False, **more: Any) -> Figures:
        """Run a load in a process of its own. Refusals are errors, unless allowed; sold out is none."""
        job = {"scenario": scenario, "gateway": self.ground.url, "sandbox": self.ground.up.site.sandbox_url}
        job |= {"tokens": more.pop("tokens", None) or self.ground.tokens(), "seconds": self.seconds}
        job |= {"skus": more.pop("skus", None) or self.ground.skus, **more}
        command = [sys.executable, "-m", "bench.shopping"]
        ended = subprocess.run(command, input=json.dumps(job), check=True, stdout=subprocess.PIPE, text=True)
        found: Figures = json.loads(ended.stdout)
        for name, count in {**found["errors"], **({} if allow else found["refused"])}.items():
            if name != "sold out":
                self._count(f"{scenario}: {name}", 0 if allow else count)
        return found

    # ---- messages

    def events(self) -> Figures:
        """Changes of products, each with its event, until marketing has handled all of them."""
        count = int(self.seconds * 2000)
        environment = os.environ | system.settings(self.ground.up.site, "catalog")
        engine = sa.create_engine(self.ground.up.site.databases["marketing"])
        inbox = sa.text("SELECT count(*) FROM inbox WHERE consumer LIKE '%follow_catalog%'")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as marketing:
            handled = lambda: marketing.execute(inbox).scalar_one()  # noqa: E731
            before, command = handled(), [sys.executable, "-m", "bench.events", str(count)]
            with subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            ) as producer:
                assert producer.stdout
                producer.stdout.readline()  # it is ready: its start is not measured
                began = time.monotonic()
                producer.communicate(b"go\n")
            wait_until(lambda: handled() >= before + count, "all events are handled", seconds=120, every=0.05)
            took = time.monotonic() - began
        engine.dispose()
        return {"events_per_s": round(count / took)}

    # ---- at rest

    def idle(self) -> Figures:
        """The CPU of our own processes at rest, in per cent of one core, and their memory in MiB."""
        time.sleep(2)
        self.meter.restart()
        time.sleep(self.seconds)
        ours = self.ground.up.supervisor.children
        spent = sum(used for name, used in self.meter.used().items() if name in ours)
        resident = self.meter.resident()
        return {
            "idle_cpu_percent": round(100 * spent / self.seconds, 1),
            "rss_mb": resident,
            "rss_mb_total": round(sum(mb for name, mb in resident.items() if name not in AROUND)),
        }

    def audit(self) -> Figures:
        """Wait until everything is settled, and check that the books add up. Raises Inconsistent."""
        auditing.check_consistent(self.ground.up.site, self.ground.servers, within=300)
        return {"audit": "clean"}

    def _count(self, name: str, errors: int) -> None:
        if errors:
            self.errors[name] = self.errors.get(name, 0) + errors


AROUND = ("sandbox", "auditor")  # neither a service nor a relay nor the gateway
Phase = Callable[[], Figures]


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def write(figures: Figures, folder: Path = ROOT / ".run" / "bench") -> Path:
    """Store the figures of a run."""
    file = folder / "figures.json"
    file.write_text(json.dumps(figures, indent=1, ensure_ascii=False))
    return file
