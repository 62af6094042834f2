"""The stage: private servers, the whole system behind links, demo goods; nothing shared, all of it removed."""

import asyncio
import contextlib
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from local import running, servers, system
from local.demo import loader
from tests.chaos.links import Wires
from tests.chaos.servers import named

ADDRESSES = {"DATABASE_URL": "postgres", "AMQP_URL": "rabbitmq", "REDIS_URL": "redis"}
# Eight shoppers stand for many: what one person may have open is not what is tried here.
NO_LIMITS = {
    "OPEN_CHECKOUTS_LIMIT": "1000000",
    "CASH_ORDER_LIMIT": "1000000000",
    "OPEN_CASH_LIMIT": "1000000000",
    "STOCK_HOLD_PERCENT": "100",
}
ROOT = Path(__file__).parents[2] / ".run" / "chaos"


@dataclass
class Stage:
    """What is played on: the system, its servers by name, the links between them."""

    site: system.Site
    up: running.RunningSystem
    servers: dict
    links: Wires
    private: servers.Servers

    @property
    def processes(self) -> list[str]:
        return list(self.up.urls)


@contextlib.asynccontextmanager
async def stage(seed: int, publish, launch):
    """A stage that is swept at the end: also after Ctrl-C, and by a warden if this process is killed."""
    run_dir = ROOT / str(seed)
    shutil.rmtree(run_dir, ignore_errors=True)
    run_dir.mkdir(parents=True)
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(_warden(run_dir))
        stack.callback(_sweep, run_dir)
        private = await asyncio.to_thread(servers.ensure, run_dir)
        stack.push_async_callback(asyncio.to_thread, private.stop)
        site = await asyncio.to_thread(_prepare, private, run_dir, publish)
        links = Wires()
        stack.push_async_callback(links.remove)
        processes = [await _behind(links, process) for process in system.processes(site)]
        up = await asyncio.to_thread(running.start, site, processes=processes, publish=publish, launch=launch)
        stack.push_async_callback(asyncio.to_thread, up.stop)
        await asyncio.to_thread(loader.load, site)
        yield Stage(site, up, named(private), links, private)


def _prepare(private, run_dir, publish):
    return running.prepare(private, run_dir, tag="chaos", amqp_url=private.amqp_url, publish=publish)


async def _behind(links, process):
    """The process, with its addresses led over links."""
    led = {
        name: await links.lead(process.name, server, process.environment[name])
        for name, server in ADDRESSES.items()
        if _uses(process, name)
    }
    return replace(process, environment=process.environment | NO_LIMITS | led)


def _uses(process, name):
    """Everybody is told the address of Redis, the gateway alone asks it."""
    return name in process.environment and (name != "REDIS_URL" or process.name == "gateway")


@contextlib.contextmanager
def _warden(run_dir):
    """A process that stops the servers when this one is gone without having done so."""
    command = [sys.executable, "-m", "tests.chaos.warden", str(run_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as warden:
        yield
        warden.communicate(b"swept\n")


def _sweep(run_dir):
    """Keep the logs of the last run; its data goes."""
    pointer = run_dir / "postgres.path"
    if pointer.exists():
        shutil.rmtree(Path(pointer.read_text()).parent, ignore_errors=True)
    kept = ROOT / f"{run_dir.name}.logs"
    shutil.rmtree(kept, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        (run_dir / "logs").rename(kept)
    shutil.rmtree(run_dir, ignore_errors=True)
