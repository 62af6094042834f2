"""Health checks and metrics over HTTP. They answer also while a dependency hangs.

`/health/live`   200 as long as the process can answer
`/health/ready`  200 `ready` if all checks pass
                 200 `degraded` if it was ready before and the failing checks do not keep it from accepting work
                 503 `unready` otherwise; both list the failing checks
`/metrics`       Prometheus

The checks run in the background; the pages report their last results. The server listens on OBSERVE_ADDRESS, by
default 127.0.0.1, since metrics disclose queues, sagas and sums.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shared import observe, settings

FRESH = 10.0  # seconds for which a result counts
BROKER = "broker"
# Without the broker, changes are stored (outbox, database), or the client gets an error and retries.
TOLERATED = frozenset({BROKER})


def readiness(failing: Sequence[str], *, was_ready: bool) -> tuple[int, dict[str, Any]]:
    """HTTP status and document for a process whose `failing` checks fail."""
    if not failing:
        return 200, {"status": "ready", "failing": []}
    degraded = was_ready and TOLERATED.issuperset(failing)
    return (200 if degraded else 503), {"status": "degraded" if degraded else "unready", "failing": list(failing)}


class Health:
    """Runs checks by name; a check fails if it returns False or raises."""

    def __init__(self, checks: Mapping[str, Callable[[], Any]], *, every: float = 2.0) -> None:
        self._checks, self._every = checks, every
        self._was_ready = False
        self._passed_at: dict[str, float] = {}
        self._stopping = threading.Event()

    def start(self) -> None:
        """Run the checks periodically, each in a thread of its own, so that one that hangs delays no other."""
        for name in self._checks:
            threading.Thread(target=self._watch, args=(name,), daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def failing(self) -> list[str]:
        """The checks that have not passed lately."""
        since = time.monotonic() - FRESH
        return [name for name in self._checks if self._passed_at.get(name, since) <= since]

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, content type and body of a page."""
        if path == "/metrics":
            return 200, observe.METRICS_TYPE, observe.render_metrics()
        if path == "/health/live":
            return 200, "application/json", b'{"status": "alive"}'
        if path == "/health/ready":
            status, body = readiness(self.failing(), was_ready=self._was_ready)
            return status, "application/json", json.dumps(body).encode()
        return 404, "text/plain", b"not found"

    def _watch(self, name: str) -> None:
        while True:
            self._run(name)
            if self._stopping.wait(self._every):
                return

    def _run(self, name: str) -> None:
        try:
            passed = self._checks[name]() is not False
        except Exception:  # noqa: BLE001 - any exception is a failed check
            passed = False
        if passed:
            self._passed_at[name] = time.monotonic()
        else:
            self._passed_at.pop(name, None)
        self._was_ready = self._was_ready or not self.failing()


def serve(port: int, health: Health, *, shared: bool = False) -> ThreadingHTTPServer:
    """Serve on this port of OBSERVE_ADDRESS in the background until shutdown(); port 0 chooses a free one.

    `shared`: several processes may listen on the port; each connection reaches one of them.
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
            """Log nothing: the pages are requested every few seconds."""

    return Pages
