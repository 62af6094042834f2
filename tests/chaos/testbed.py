"""The testbed: private servers, the whole system behind wires, demo data; removed at the end."""

import asyncio
import contextlib
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from local import running, servers, system
from local.demo import loader
from tests.chaos.servers import named
from tests.chaos.wires import Wires

ADDRESSES = {"DATABASE_URL": "postgres", "AMQP_URL": "rabbitmq", "REDIS_URL": "redis"}
# A run has only a few shoppers, so the limits per shopper are off.
NO_LIMITS = {
    "OPEN_CHECKOUTS_LIMIT": "1000000",
    "CASH_ORDER_LIMIT": "1000000000",
    "OPEN_CASH_LIMIT": "1000000000",
    "STOCK_HOLD_PERCENT": "100",
}
ROOT = Path(__file__).parents[2] / ".run" / "chaos"


@dataclass
class Testbed:
    """The system under test, its servers by name, and the wires between them."""

    site: system.Site
    up: running.RunningSystem
    servers: dict
    wires: Wires
    private: servers.Servers

    @property
    def processes(self) -> list[str]:
        return list(self.up.urls)


@contextlib.asynccontextmanager
async def testbed(seed: int, output, launch):
    """A testbed that is cleaned up at the end: also after Ctrl-C, and by a watchdog if this process is killed."""
    run_dir = ROOT / str(seed)
    shutil.rmtree(run_dir, ignore_errors=True)
    run_dir.mkdir(parents=True)
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(_watchdog(run_dir))
        stack.callback(_clean_up, run_dir)
        private = await asyncio.to_thread(servers.ensure, run_dir)
        stack.push_async_callback(asyncio.to_thread, private.stop)
        site = await asyncio.to_thread(_prepare, private, run_dir, output)
        wires = Wires()
        stack.push_async_callback(wires.remove)
        processes = [await _behind(wires, process) for process in system.processes(site)]
        up = await asyncio.to_thread(running.start, site, processes=processes, report=output, launch=launch)
        stack.push_async_callback(asyncio.to_thread, up.stop)
        await asyncio.to_thread(loader.load, site)
        yield Testbed(site, up, named(private), wires, private)


def _prepare(private, run_dir, output):
    return running.prepare(private, run_dir, tag="chaos", amqp_url=private.amqp_url, report=output)


async def _behind(wires, process):
    """The process, with its URLs replaced by those of wires."""
    replaced = {
        name: await wires.url_of(process.name, server, process.environment[name])
        for name, server in ADDRESSES.items()
        if _uses(process, name)
    }
    return replace(process, environment=process.environment | NO_LIMITS | replaced)


def _uses(process, name):
    """All processes have the URL of Redis, but only the gateway uses it."""
    return name in process.environment and (name != "REDIS_URL" or process.name == "gateway")


@contextlib.contextmanager
def _watchdog(run_dir):
    """A process that stops the servers if this one ends without doing so."""
    command = [sys.executable, "-m", "tests.chaos.watchdog", str(run_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as watchdog:
        yield
        watchdog.communicate(b"done\n")


def _clean_up(run_dir):
    """Keep the logs of the run and remove its data."""
    pointer = run_dir / "postgres.path"
    if pointer.exists():
        shutil.rmtree(Path(pointer.read_text()).parent, ignore_errors=True)
    kept = ROOT / f"{run_dir.name}.logs"
    shutil.rmtree(kept, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        (run_dir / "logs").rename(kept)
    shutil.rmtree(run_dir, ignore_errors=True)
