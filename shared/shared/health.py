"""Is the process alive, is it ready, is it degraded: answered over HTTP, also while what it depends on hangs.

`/health/live`   200 as long as the process can answer
`/health/ready`  200 `ready` when every check holds
                 200 `degraded` when it was ready before, and what fails does not keep it from accepting work
                 503 `unready` otherwise; both name the checks that fail
`/metrics`       Prometheus

The checks are looked at in the background; the pages only tell what was last seen. They are for this machine alone
(OBSERVE_ADDRESS 127.0.0.1), unless the deployment says otherwise: metrics name queues, sagas and sums.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shared import observe, settings

FRESH = 10.0  # seconds for which what was seen is believed
BROKER = "broker"
# Without the broker what comes in is kept (outbox, database) or told to ask again, and nothing else is wrong.
BEARABLE = frozenset({BROKER})


def standing(failing: Sequence[str], *, was_ready: bool) -> tuple[int, dict[str, Any]]:
    """HTTP status and document for a process of which these checks fail now."""
    if not failing:
        return 200, {"status": "ready", "failing": []}
    bears_it = was_ready and BEARABLE.issuperset(failing)
    return (200 if bears_it else 503), {"status": "degraded" if bears_it else "unready", "failing": list(failing)}


class Health:
    """Names of what must hold, each with a check that returns whether it does, or raises."""

    def __init__(self, checks: Mapping[str, Callable[[], Any]], *, every: float = 2.0) -> None:
        self._checks, self._every = checks, every
        self._was_ready = False
        self._held_at: dict[str, float] = {}
        self._stopping = threading.Event()

    def start(self) -> None:
        """Look again and again, each check in a thread of its own, so that one that hangs delays no other."""
        for name in self._checks:
            threading.Thread(target=self._watch, args=(name,), daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def failing(self) -> list[str]:
        """The checks that did not hold lately."""
        since = time.monotonic() - FRESH
        return [name for name in self._checks if self._held_at.get(name, since) <= since]

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, content type and body of a page."""
        if path == "/metrics":
            return 200, observe.METRICS_TYPE, observe.render_metrics()
        if path == "/health/live":
            return 200, "application/json", b'{"status": "alive"}'
        if path == "/health/ready":
            status, body = standing(self.failing(), was_ready=self._was_ready)
            return status, "application/json", json.dumps(body).encode()
        return 404, "text/plain", b"not found"

    def _watch(self, name: str) -> None:
        while True:
            self._look(name)
            if self._stopping.wait(self._every):
                return

    def _look(self, name: str) -> None:
        try:
            held = self._checks[name]() is not False
        except Exception:  # noqa: BLE001 - whatever it is, it does not hold
            held = False
        if held:
            self._held_at[name] = time.monotonic()
        else:
            self._held_at.pop(name, None)
        self._was_ready = self._was_ready or not self.failing()


def serve(port: int, health: Health, *, shared: bool = False) -> ThreadingHTTPServer:
    """Answer on this port of OBSERVE_ADDRESS in the background; 0 chooses one. Ends with shutdown().

    `shared`: other processes of the same program may answer on it too; each connection reaches one of them.
    """
    health.start()
    server_class = _SharedPort if shared else ThreadingHTTPServer
    server = server_class((settings.text("OBSERVE_ADDRESS", "127.0.0.1"), port), _handler(health))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class _SharedPort(ThreadingHTTPServer):
    allow_reuse_port = True


def _handler(health: Health) -> type[BaseHTTPRequestHandler]:
    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = health.answer(self.path.partition("?")[0])
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing: somebody looks every few seconds."""

    return Pages
