"""Generates the AsyncAPI 3 document of all messages and a JSON Schema for each.

Everything is derived from the contracts and from the messages that each service publishes and consumes (`Party`).
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
INTRODUCTION = """The messages between the services of Jishi 集市. External systems may consume the events: bind a
queue of your own to the exchange `events`, where each event is published once. Replies to commands go through the
exchange `replies` to the queue of the service that sent the command. Messages are delivered at least once; all
copies have the same `cloudEvents_id`. Ignore unknown fields; the value of a missing or null field is unknown. The
meaning of a topic never changes: a new meaning gets a new version, which is published beside the old one."""
TO_REQUESTER = "{requester}:"
REQUESTER = "The service that sent the command: its cloudEvents_source."
TEXT: Json = {"type": "string"}
UUID: Json = {"type": "string", "format": "uuid"}
TIMESTAMP: Json = {"type": "string", "format": "date-time"}


@dataclass(frozen=True)
class Party:
    """A service: the messages that it publishes (`publishes`) and replies, and its queues by topic."""

    name: str
    publishes: frozenset[type[Message]] = frozenset()
    replies: frozenset[type[Message]] = frozenset()
    consumes: Mapping[str, str] = field(default_factory=dict)
    consumes_replies: Mapping[str, str] = field(default_factory=dict)


def schema(message: type[Message]) -> Json:
    """The JSON Schema of a message's body; every message carries its `$id` as `cloudEvents_dataschema`."""
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
    """The AsyncAPI document of these messages; `examples` maps topics to bodies."""
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
        "operations": {name: made for party in parties for name, made in _operations(party, types)},
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
    """The name of the channel for the message as a reply."""
    return f"replies.{message.topic}"


def _operations(party: Party, types: Iterable[type[Message]]) -> Iterable[tuple[str, Json]]:
    for message in types:
        if message in party.publishes:
            yield f"{party.name}.publishes.{message.topic}", _publishing(message, message.topic)
        if message in party.replies:
            yield f"{party.name}.replies.{message.topic}", _publishing(message, _replies(message))
        if message.topic in party.consumes:
            queue = party.consumes[message.topic]
            yield f"{party.name}.consumes.{message.topic}", _consuming(message, message.topic, queue)
        if message.topic in party.consumes_replies:
            queue = party.consumes_replies[message.topic]
            yield f"{party.name}.consumes_reply.{message.topic}", _consuming(message, _replies(message), queue)


def _publishing(message: type[Message], channel: str) -> Json:
    binding = {"deliveryMode": 2, "mandatory": True, "bindingVersion": BINDING}
    return {"action": "send", **_of(message, channel), "bindings": {"amqp": binding}, **_reply(message)}


def _consuming(message: type[Message], channel: str, queue: str) -> Json:
    bindings = {"bindings": {"amqp": {"ack": True, "bindingVersion": BINDING}}, "x-queue": queue}
    return {"action": "receive", **_of(message, channel), **bindings, **_reply(message)}


def _of(message: type[Message], channel: str) -> Json:
    return {"channel": {"$ref": f"#/channels/{channel}"}, "messages": [_reference(message, channel)]}


def _reply(message: type[Message]) -> Json:
    """The replies to a command. Each has a channel of its own, so `reply` lists messages instead of a channel."""
    if not issubclass(message, Command) or not message.yes:
        return {}
    answers: tuple[type[Message], ...] = (*message.yes, *message.no)
    outcomes = {"x-yes": [one.topic for one in message.yes], "x-no": [one.topic for one in message.no]}
    return {"reply": {"messages": [_reference(one, _replies(one)) for one in dict.fromkeys(answers)], **outcomes}}


def _reference(message: type[Message], channel: str) -> Json:
    return {"$ref": f"#/channels/{channel}/messages/{message.topic}"}


def _headers() -> Json:
    required: Json = {
        "cloudEvents_specversion": {"const": "1.0"},
        "cloudEvents_type": {**TEXT, "description": "The topic."},
        "cloudEvents_id": {**UUID, "description": "The same on every copy; also the AMQP property message_id."},
        "cloudEvents_source": {**TEXT, "description": "The service that published it."},
        "cloudEvents_subject": {**TEXT, "description": "Its aggregate; messages of a subject are sent in order."},
        "cloudEvents_time": {**TIMESTAMP, "description": "When it was published."},
        "cloudEvents_dataschema": {**TEXT, "format": "uri", "description": "The $id of the body's JSON Schema."},
        "correlation_id": {**UUID, "description": "The same for all messages that follow from one request."},
    }
    known = {
        "causation_id": {**UUID, "description": "The message that caused it."},
        "in_reply_to": {**UUID, "description": "Of a reply: the id of the command that it answers."},
        "traceparent": {**TEXT, "description": "W3C Trace Context."},
        "not_after": {**TIMESTAMP, "description": "The deadline of a command; after it the command is refused."},
    }
    return cast("Json", {"type": "object", "properties": {**required, **known}, "required": list(required)})
