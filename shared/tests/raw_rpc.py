"""A raw client of RPC, for requests that nameko's proxy would not send."""

import json
from contextlib import contextmanager

import amqp

from shared.link import connect
from shared.testing import eventually


class RpcClient:
    """Sends requests to tally and receives the answers."""

    def __init__(self, connection):
        self._channel = connection.channel()
        self._connection = connection
        self._queue = self._channel.queue_declare("", exclusive=True).queue
        self._channel.queue_bind(self._queue, "nameko-rpc", self._queue)

    def send(
        self, method, body=b'{"args": [{}], "kwargs": {}}', *, reply=True, number=1, properties=(), **headers
    ):
        addressed = {"reply_to": self._queue, "correlation_id": str(number)} if reply else {}
        message = amqp.Message(body, application_headers=headers, **dict(properties), **addressed)
        self._channel.basic_publish(message, "nameko-rpc", f"tally.{method}")

    def answer(self):
        return self.numbered_answer()[1]

    def numbered_answer(self):
        """The number of a request, and its answer."""
        message = eventually(lambda: self._channel.basic_get(self._queue, no_ack=True))
        return int(message.properties["correlation_id"]), json.loads(message.body)

    def call(self, method, request=None, **headers):
        self.send(method, json.dumps({"args": [request or {}], "kwargs": {}}).encode(), **headers)
        return self.answer()


@contextmanager
def rpc_client_of(url):
    with connect(url) as connection:
        yield RpcClient(connection)
