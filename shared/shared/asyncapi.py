"""The messages as documents for people and programs outside: an AsyncAPI 3 document, a JSON Schema each.

Everything is taken from the contracts, and from who says and hears them (`Party`); nothing is written twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from shared import message_encoding, messages
from shared.json_schema import Components, described
from shared.messages import REPLY, Command, Event, Message

Json = dict[str, Any]
VERSION = "1"
BINDING = "0.3.0"  # of AMQP, in AsyncAPI
DIALECT = "https://json-schema.org/draft/2020-12/schema"
INTRODUCTION = """What the services of Jishi 集市 say to each other, and what systems outside may listen to: bind a
queue of your own to the exchange `events`. There each fact is said once; what answers a command goes through the
exchange `replies` to the queue of who gave it. A message is delivered at least once, every copy with the same
`cloudEvents_id`. Ignore fields that you do not know; a field that is missing or null is unknown. A topic never
changes its meaning: a new one is a new version, said beside the old."""
TO_REQUESTER = "{requester}:"
REQUESTER = "The service that gave the command: its cloudEvents_source."
TEXT: Json = {"type": "string"}
UUID: Json = {"type": "string", "format": "uuid"}
TIMESTAMP: Json = {"type": "string", "format": "date-time"}


@dataclass(frozen=True)
class Party:
    """Who speaks or listens: what it says and replies, and the queues in which it hears topics or replies."""

    name: str
    says: frozenset[type[Message]] = frozenset()
    replies: frozenset[type[Message]] = frozenset()
    consumes: Mapping[str, str] = field(default_factory=dict)
    consumes_replies: Mapping[str, str] = field(default_factory=dict)


def schema(message: type[Message]) -> Json:
    """The JSON Schema of a message's body; its `$id` travels with every message as `cloudEvents_dataschema`."""
    parts = Components("#/$defs/", complete=True)
    body = parts.object(message)
    named = {"$defs": parts.schemas} if parts.schemas else {}
    return {
        "$schema": DIALECT,
        "$id": message_encoding.schema_of(message.topic),
        "title": message.__name__,
        **body,
        **named,
    }


def document(types: Sequence[type[Message]], parties: Sequence[Party], examples: Mapping[str, Json]) -> Json:
    """The AsyncAPI document of these messages; `examples` are bodies by topic."""
    parts = Components(complete=True, mapped=False)
    published = {one.topic: _message(one, parts, examples.get(one.topic)) for one in types}
    replies = {one for party in parties for one in party.replies}
    return {
        "asyncapi": "3.0.0",
        "id": "urn:jishi",
        "info": {"title": "Jishi 集市", "version": VERSION, "description": " ".join(INTRODUCTION.split())},
        "defaultContentType": message_encoding.CONTENT_TYPE,
        "servers": {"broker": {"host": "rabbitmq:5672", "protocol": "amqp", "protocolVersion": "0.9.1"}},
        "channels": {
            **{one.topic: _channel(one, one.kind, one.topic) for one in types},
            **{_replies(one): _channel(one, REPLY, TO_REQUESTER + one.topic) for one in types if one in replies},
        },
        "operations": {name: told for party in parties for name, told in _operations(party, types)},
        "components": {
            "messages": published,
            "schemas": {**parts.schemas, "Headers": _headers()},
            "correlationIds": {"request": {"location": "$message.header#/correlation_id"}},
        },
    }


def _message(message: type[Message], parts: Components, example: Json | None) -> Json:
    own = {
        "cloudEvents_type": {"const": message.topic},
        "cloudEvents_dataschema": {"const": message_encoding.schema_of(message.topic)},
    }
    return {
        "name": message.topic,
        "title": message.__name__,
        "summary": described(message),
        "contentType": message_encoding.CONTENT_TYPE,
        "headers": {"type": "object", "allOf": [{"$ref": "#/components/schemas/Headers"}, {"properties": own}]},
        "payload": parts.of(message),
        "correlationId": {"$ref": "#/components/correlationIds/request"},
        "tags": _tags(message),
        "x-ordered-by": message.key,
        **({"examples": [{"payload": example}]} if example else {}),
    }


def _tags(message: type[Message]) -> list[Json]:
    outside = [{"name": "outside"}] if issubclass(message, Event) and message.outside else []
    return [{"name": message.kind}, {"name": messages.owner(message.topic)}, *outside]


def _channel(message: type[Message], kind: str, address: str) -> Json:
    name = message_encoding.exchange_of(kind)
    exchange = {"name": name, "type": dict(message_encoding.EXCHANGES)[name], "durable": True, "autoDelete": False}
    return {
        "address": address,
        "messages": {message.topic: {"$ref": f"#/components/messages/{message.topic}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": BINDING}},
        **({"parameters": {"requester": {"description": REQUESTER}}} if kind == REPLY else {}),
    }


def _replies(message: type[Message]) -> str:
    """The channel in which it is a reply."""
    return f"replies.{message.topic}"


def _operations(party: Party, types: Iterable[type[Message]]) -> Iterable[tuple[str, Json]]:
    for message in types:
        if message in party.says:
            yield f"{party.name}.says.{message.topic}", _publishing(message, message.topic)
        if message in party.replies:
            yield f"{party.name}.replies.{message.topic}", _publishing(message, _replies(message))
        if message.topic in party.consumes:
            queue = party.consumes[message.topic]
            yield f"{party.name}.hears.{message.topic}", _consuming(message, message.topic, queue)
        if message.topic in party.consumes_replies:
            queue = party.consumes_replies[message.topic]
            yield f"{party.name}.hears_reply.{message.topic}", _consuming(message, _replies(message), queue)


def _publishing(message: type[Message], channel: str) -> Json:
    binding = {"deliveryMode": 2, "mandatory": True, "bindingVersion": BINDING}
    return {"action": "send", **_of(message, channel), "bindings": {"amqp": binding}, **_reply(message)}


def _consuming(message: type[Message], channel: str, queue: str) -> Json:
    told = {"bindings": {"amqp": {"ack": True, "bindingVersion": BINDING}}, "x-queue": queue}
    return {"action": "receive", **_of(message, channel), **told, **_reply(message)}


def _of(message: type[Message], channel: str) -> Json:
    return {"channel": {"$ref": f"#/channels/{channel}"}, "messages": [_reference(message, channel)]}


def _reply(message: type[Message]) -> Json:
    """A command's answers: replies on topics of their own, so the reply has messages and no one channel."""
    if not issubclass(message, Command) or not message.yes:
        return {}
    answers: tuple[type[Message], ...] = (*message.yes, *message.no)
    told = {"x-yes": [one.topic for one in message.yes], "x-no": [one.topic for one in message.no]}
    return {"reply": {"messages": [_reference(one, _replies(one)) for one in dict.fromkeys(answers)], **told}}


def _reference(message: type[Message], channel: str) -> Json:
    return {"$ref": f"#/channels/{channel}/messages/{message.topic}"}


def _headers() -> Json:
    required: Json = {
        "cloudEvents_specversion": {"const": "1.0"},
        "cloudEvents_type": {**TEXT, "description": "The topic."},
        "cloudEvents_id": {**UUID, "description": "The same on every copy; also the AMQP property message_id."},
        "cloudEvents_source": {**TEXT, "description": "The service that says it."},
        "cloudEvents_subject": {**TEXT, "description": "What it speaks of; one subject's leave in order."},
        "cloudEvents_time": {**TIMESTAMP, "description": "When it was said."},
        "cloudEvents_dataschema": {**TEXT, "format": "uri", "description": "The $id of the body's JSON Schema."},
        "correlation_id": {**UUID, "description": "One for all that follows from a request."},
    }
    known = {
        "causation_id": {**UUID, "description": "The message that it follows from or answers."},
        "in_reply_to": {**UUID, "description": "In a reply: the command that it answers. A fact has none."},
        "traceparent": {**TEXT, "description": "W3C Trace Context."},
        "not_after": {**TIMESTAMP, "description": "A command that is handled later is answered no."},
    }
    return cast("Json", {"type": "object", "properties": {**required, **known}, "required": list(required)})
