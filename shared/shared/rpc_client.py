"""A blocking client of nameko's RPC protocol on pika, for plain Python.

It has one connection, opened on the first call and again after it was lost. It sends heartbeats only during calls,
so close it before a pause of more than some seconds. Not thread-safe.
"""

import time
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import pika
from pika.exceptions import AMQPError

from shared import message_encoding, trace
from shared.answers import NoAnswer, ServiceUnavailable, result

EXCHANGE = message_encoding.RPC
LOST = (AMQPError, OSError)
HEARTBEAT = 30  # seconds: none are sent between two calls


class RpcClient:
    """Calls `service.method` and waits for the answer."""

    def __init__(self, url: str, *, name: str = "client") -> None:
        self._parameters = pika.URLParameters(url)
        self._parameters.heartbeat = HEARTBEAT
        self._parameters.client_properties = {"connection_name": name}
        self._parameters.socket_timeout = self._parameters.blocked_connection_timeout = 5
        self._parameters.stack_timeout = 10
        self._name = name
        self._connection: Any = None
        self._channel: Any = None
        self._reply_to = self._requested = ""
        self._answer: dict[str, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, stack: TracebackType | None
    ) -> None:
        self.close()

    def call(self, method: str, request: dict[str, Any], *, token: str | None = None, within: float = 30.0) -> Any:
        """The service's answer, awaited for `within` seconds.

        Raises Refused, ServiceUnavailable, NoAnswer; ServiceFailed for an internal error of the service.
        """
        self._requested, self._answer = uuid4().hex, None
        try:
            self._open()
            self._send(method, request, token, within)
            return result(self._wait(within))
        except LOST as failure:
            self.close()
            raise ServiceUnavailable from failure

    def close(self) -> None:
        """Close the connection, also if it is broken already."""
        connection, self._connection = self._connection, None
        try:
            if connection and connection.is_open:
                connection.close()
        except LOST:
            pass

    def _open(self) -> None:
        if self._connection and self._connection.is_open and self._channel.is_open:
            return
        self.close()
        self._connection = pika.BlockingConnection(self._parameters)
        self._channel = self._connection.channel()
        self._reply_to = uuid4().hex
        queue = f"rpc.reply-{self._name}-{self._reply_to}"
        self._channel.exchange_declare(EXCHANGE, passive=True)  # clients need no right to declare it
        self._channel.queue_declare(queue, exclusive=True, auto_delete=True)
        self._channel.queue_bind(queue, EXCHANGE, self._reply_to)
        self._channel.basic_consume(queue, self._answered, auto_ack=True)

    def _send(self, method: str, request: dict[str, Any], token: str | None, within: float) -> None:
        known = trace.current() or trace.Trace()
        headers = {
            "correlation_id": str(known.correlation_id),
            "deadline": f"{time.time() + within:.3f}",
            **({"traceparent": known.traceparent} if known.traceparent else {}),
            **({"authorization": f"Bearer {token}"} if token else {}),
        }
        properties = pika.BasicProperties(
            content_type="application/json",
            content_encoding="utf-8",
            headers=headers,
            delivery_mode=1,
            correlation_id=self._requested,
            reply_to=self._reply_to,
            expiration=str(int(within * 1000)),
        )
        body = message_encoding.encode({"args": [request], "kwargs": {}})
        self._channel.basic_publish(EXCHANGE, method, body, properties)

    def _wait(self, within: float) -> dict[str, Any]:
        deadline = time.monotonic() + within
        while self._answer is None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NoAnswer
            self._connection.process_data_events(time_limit=min(left, 1.0))
        return self._answer

    def _answered(self, _channel: Any, _method: Any, properties: Any, body: bytes) -> None:
        """Store the answer to the current call; late answers to earlier calls are ignored."""
        if properties.correlation_id == self._requested:
            self._answer = message_encoding.decode(body)
