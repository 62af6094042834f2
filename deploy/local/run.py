"""`make run`: the whole system in the foreground, until Ctrl-C.

python -m local.run [stop]
"""

import contextlib
import fcntl
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from local import RUN_DIR, demo, running, servers, web
from local.api import Problem
from local.packages import CannotInstall
from local.ports import Ports
from local.system import Site
from local.waiting import TooLate, wait_until

USUAL_PORT = 8000  # of the gateway, if it is free at the first run


class Interrupts:
    """Ctrl-C and SIGTERM. The first one interrupts the main thread; later ones only hasten the end."""

    def __init__(self) -> None:
        self._requested = False
        self.hasten = lambda: None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._interrupt)

    def _interrupt(self, _number: int, _frame: object) -> None:
        if self._requested:
            self.hasten()
        else:
            self._requested = True
            raise KeyboardInterrupt


def run() -> None:
    """Start everything, print the addresses, and keep it running."""
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        interrupts = Interrupts()
        stack.enter_context(contextlib.suppress(KeyboardInterrupt))
        stack.callback(print, "all stopped", flush=True)
        up = _bring_up(stack, interrupts)
        _introduce(up, time.monotonic() - began)
        threading.Event().wait()


def _bring_up(stack: contextlib.ExitStack, interrupts: Interrupts) -> running.RunningSystem:
    with running.phase("PostgreSQL, Redis, RabbitMQ", _report):
        private = servers.ensure(RUN_DIR)
        stack.callback(private.stop)
    with running.phase("web pages", _report):
        web.build()
    Ports(RUN_DIR).prefer("gateway", USUAL_PORT)
    site = running.prepare(private, RUN_DIR, tag="jishi", amqp_url=private.amqp_url, report=_report)
    up = running.start(site, report=_report)
    stack.callback(up.stop)
    stack.callback(_report, "\nstopping")
    interrupts.hasten = up.supervisor.hurry
    with running.phase("demo data", _report):
        _load_demo(site)
    return up


def _load_demo(site: Site) -> None:
    """The demo may have been changed, also its passwords; that must not prevent the start."""
    try:
        demo.load(site)
    except Problem as problem:
        _report(f"  the demo data is not complete: {problem}")


def stop() -> None:
    """Stop the system that runs in this folder, and servers that a killed one left behind."""
    holder = RUN_DIR / "supervisor.pid"
    if holder.exists() and is_held(holder):
        os.kill(int(holder.read_text()), signal.SIGTERM)
        wait_until(lambda: not is_held(holder), "the running system stops", seconds=60)
    else:
        servers.down(RUN_DIR)


def main() -> None:
    """Run or stop; errors that the user can fix are printed as a sentence, without a stack trace."""
    try:
        if sys.argv[1:] == ["stop"]:
            stop()
        else:
            with _alone():
                run()
    except (CannotInstall, TooLate, RuntimeError, web.BuildFailed) as reason:
        sys.exit(f"\n{reason}")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    RUN_DIR.mkdir(exist_ok=True)
    with (RUN_DIR / "supervisor.pid").open("a+") as holder:
        try:
            fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuntimeError("the system already runs from this folder; `make stop` ends it") from None
        holder.truncate(0)
        holder.write(str(os.getpid()))
        holder.flush()
        yield


def is_held(holder: Path) -> bool:
    """Whether a running supervisor has locked this file."""
    with holder.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _introduce(up: running.RunningSystem, seconds: float) -> None:
    _report(f"\nJishi is ready after {seconds:.1f} s\n")
    _report(f"  shop             {up.url}")
    _report(f"  merchant's desk  {up.url}/merchant")
    _report(f"  operator's desk  {up.url}/operator")
    _report(f"  API              {up.url}/docs")
    _report(f"  payment sandbox  {up.site.sandbox_url}")
    _report(f"  mailbox          {up.site.mailbox_url}")
    _report(f"  logs             {RUN_DIR / 'logs'} (make logs)\n")
    for role, email, password in demo.logins(up.site):
        _report(f"  {role:<17}{email:<34}{password}")
    _report("\nCtrl-C stops it all.")


def _report(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
