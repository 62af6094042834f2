"""Middleware around every request: its id, a log line, metrics, security headers, and an answer in any case."""

import time
from functools import lru_cache
from uuid import UUID

from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import languages
from gateway.headers import header
from gateway.problems import INTERNAL
from gateway.route import PREFIX
from shared import observe, spans
from shared.ids import new_id
from shared.spans import Span
from shared.trace import TRACEPARENT, Trace, following

REQUEST_ID = "X-Request-Id"
AS_SENT = REQUEST_ID.lower().encode()
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
QUIET = ("/health/live", "/health/ready")
SECURITY = [  # added to every answer, as ASGI expects them
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]

requests = Counter("jishi_http_requests_total", "HTTP requests answered", ["method", "path", "status"])
seconds = Histogram(
    "jishi_http_seconds", "Time to the first byte of an answer", ["method", "path"], buckets=observe.QUICK
)


class Observed:
    """Middleware. A request's id is a UUID: the client's X-Request-Id if it is one, else a new one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(scope, send)
        with following(answer.trace), answer.span() as span:
            try:
                await self._app(scope, receive, answer.send)
            except Exception as failure:  # noqa: BLE001 - logged, and not shown to the client
                span.fail(failure)
                observe.log.error("request failed", exc_info=failure)
                if not answer.status:
                    language = languages.preferred(Headers(scope=scope))
                    await INTERNAL.response(language)(scope, receive, answer.send)
            answer.record(span)


class _Answer:
    """An answer being sent."""

    def __init__(self, scope: Scope, send: Send) -> None:
        requested, traceparent = header(scope, AS_SENT), header(scope, b"traceparent")
        self.trace = Trace(_uuid(requested), _traceparent(traceparent))
        self.status = 0
        self._scope, self._send = scope, send
        self._began = time.perf_counter()

    def span(self) -> Span:
        """The span of this request until the last byte, a child of the client's span."""
        if self._scope["path"] in QUIET or not spans.recording():
            return spans.UNRECORDED
        method = self._scope["method"]
        about = {"http.request.method": method if method in METHODS else "_OTHER"}
        return spans.span("HTTP", kind="server", attributes=about)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self._took = message["status"], time.perf_counter() - self._began
            headers = message["headers"]
            has = [name for name, _ in headers]
            more = [secured for secured in SECURITY if secured[0] not in has]
            request_id = (AS_SENT, str(self.trace.correlation_id).encode())
            message = {**message, "headers": [*headers, *more, request_id]}
        await self._send(message)

    def record(self, span: Span) -> None:
        """Count and log the answer, without its content."""
        method, path = self._scope["method"], self._scope.get("jishi.path", "other")
        method = method if method in METHODS else "other"  # each label value is kept for ever
        if spans.recording():
            self._describe(span, method, path)
        counted, timed = _meters(method, path, self.status)
        counted.inc()
        if not self.status:
            return
        timed.observe(self._took)
        if self._scope["path"] not in QUIET:
            caller = self._scope.get("jishi.caller")
            user_id = str(caller.user_id) if caller and caller.user_id else None
            took = round(self._took * 1000, 1)
            observe.log_request(method=method, path=path, status=self.status, ms=took, user_id=user_id)

    def _describe(self, span: Span, method: str, path: str) -> None:
        route = PREFIX + path if self._scope["path"].startswith(PREFIX) and path != "other" else path
        span.rename(f"{method} {route}")
        span.set_attributes({"http.route": route, "http.response.status_code": self.status})
        if self.status >= 500 or not self.status:
            span.fail(f"answered {self.status}")


@lru_cache(maxsize=4096)
def _meters(method: str, path: str, status: int) -> tuple[Counter, Histogram]:
    return requests.labels(method, path, status), seconds.labels(method, path)


def _traceparent(text: str | None) -> str | None:
    """The client's traceparent if it is valid: it goes into every message that follows from the request."""
    return text if text and TRACEPARENT.fullmatch(text) else None


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text) if text else new_id()
    except ValueError:
        return new_id()
