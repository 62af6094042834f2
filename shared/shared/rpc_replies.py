"""The replies to RPC requests: to one alone, or to several of one method in one transaction."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol

import eventlet
from sqlalchemy.exc import DBAPIError

from shared import auth, db_failures, message_encoding, observe, spans
from shared.answering_together import Asked, NotTogether, answer_together
from shared.auth import Caller
from shared.errors import Refusal, Unavailable
from shared.permissions import Role
from shared.rpc_messages import Request, RequestMalformed, error
from shared.spans import Span
from shared.trace import Trace, following


class DeadlinePassed(Unavailable):
    """The answer would have come too late."""

    code = "deadline_passed"


class Method(Protocol):
    """The entrypoint of a method."""

    allow: Sequence[Role]
    answering: Any  # of requests that are answered together, or None


class Replies:
    """Calls the methods of a service; replies are JSON texts. No exception escapes: it would end the service."""

    def __init__(self, service: str, methods: Mapping[str, Method], instance: Callable[[], Any]) -> None:
        self._service, self._methods, self._instance = service, methods, instance

    def alone(self, request: Request) -> str:
        """The reply to one request."""
        with self._measured(request) as outcome, following(_trace(request)):
            reply, outcome[0] = self._reply(request)
        return reply

    def together(self, requests: Sequence[Request]) -> list[str]:
        """The replies to requests for one method, answered in one transaction or, if that fails, one by one."""
        if len(requests) > 1:
            began = time.monotonic()
            try:
                replies = self._in_one_transaction(requests)
            except Exception as failure:  # noqa: BLE001 - answering one by one shows which request failed
                observe.log.info(
                    "requests are answered one by one", method=requests[0].method, error=repr(failure)
                )
            else:
                self._measure(requests, replies, time.monotonic() - began)
                return [body for body, _ in replies]
        return [self.alone(request) for request in requests]

    def _in_one_transaction(self, requests: Sequence[Request]) -> list[tuple[str, str]]:
        entrypoint, service = self._methods[requests[0].method], self._instance()
        replies: dict[int, tuple[str, str]] = {}
        batch: dict[int, Asked] = {}
        for place, request in enumerate(requests):
            try:
                batch[place] = self._asked(entrypoint, service, request)
            except Refusal as refusal:
                replies[place] = error(refusal), refusal.kind.value
        soonest = min(request.seconds_left for request in requests)
        # no refusal, since it may interrupt the answer to any of them
        with eventlet.Timeout(soonest, NotTogether("a deadline passed")):
            answers = answer_together(entrypoint.answering, service, list(batch.values()))
        replies |= zip(batch, map(_reply_of, answers), strict=True)
        return [replies[place] for place in range(len(requests))]

    def _asked(self, entrypoint: Method, service: Any, request: Request) -> Asked:
        caller = self._caller(entrypoint, request)
        requested = entrypoint.answering.read(service, request.argument)
        return Asked(caller, requested, partial(self._context, request))

    @contextmanager
    def _context(self, request: Request) -> Any:
        with following(_trace(request)), self._span(request):
            yield

    def _measure(self, requests: Sequence[Request], replies: Sequence[tuple[str, str]], seconds: float) -> None:
        observe.batch_size.labels(f"{self._service}.{requests[0].method}").observe(len(requests))
        for request, (_, outcome) in zip(requests, replies, strict=True):
            observe.rpc_seconds.labels(request.method, outcome).observe(seconds)

    @contextmanager
    def _measured(self, request: Request) -> Any:
        started, outcome = time.monotonic(), [""]
        yield outcome
        name = request.method if request.method in self._methods else "unknown"
        observe.rpc_seconds.labels(name, outcome[0]).observe(time.monotonic() - started)

    # ---- one request

    def _reply(self, request: Request) -> tuple[str, str]:
        try:
            with eventlet.Timeout(request.seconds_left, DeadlinePassed()), self._span(request):
                return _reply_of(self._call(request))
        except Refusal as refusal:
            return _reply_of(refusal)
        except Exception as failure:  # noqa: BLE001 - logged, and not disclosed to the caller
            if request.seconds_left <= 0:  # the database driver wraps the timeout's exception
                return error(DeadlinePassed()), "deadline_passed"
            if db_failures.is_outage(failure):
                observe.log.warning("database failed a request", method=request.method, error=repr(failure))
                return error(Unavailable()), "unavailable"
            observe.log.error("request failed", method=request.method, exc_info=failure)
            return error(failure), "internal"

    def _span(self, request: Request) -> Span:
        name = f"{self._service}.{request.method if request.method in self._methods else 'unknown'}"
        return spans.span(name, kind="server", attributes={"rpc.system.name": "nameko", "rpc.method": name})

    def _call(self, request: Request) -> Any:
        entrypoint = self._methods.get(request.method)
        if entrypoint is None:
            raise RequestMalformed(f"{self._service}.{request.method} does not exist")
        caller = self._caller(entrypoint, request)
        return self._settled(getattr(self._instance(), request.method), caller, request)

    def _caller(self, entrypoint: Method, request: Request) -> Caller:
        caller = auth.verify(request.token)
        caller.require(*entrypoint.allow)
        return caller

    def _settled(self, method: Any, caller: Caller, request: Request) -> Any:
        """The method's answer. After a lost conflict it was rolled back and runs again, until its deadline."""
        for pause in db_failures.pauses():
            try:
                return method(caller, request.argument)
            except DBAPIError as failure:
                if not db_failures.is_conflict(failure):
                    raise
                observe.conflicts.labels(request.method).inc()
                time.sleep(pause)
        return None


def _reply_of(answer: Any) -> tuple[str, str]:
    """The reply and its outcome, for the metrics."""
    if isinstance(answer, Refusal):
        return error(answer), answer.kind.value
    return message_encoding.text({"result": answer, "error": None}), "answered"


def _trace(request: Request) -> Trace:
    return Trace(request.correlation_id, request.traceparent)
