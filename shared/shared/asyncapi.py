"""The messages as documents for people and programs outside: an AsyncAPI 3 document, a JSON Schema each.

Everything is taken from the contracts, and from who says and hears them (`Party`); nothing is written twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from shared import messages, wire
from shared.json_schema import Components, described
from shared.messages import Command, Event, Message

Json = dict[str, Any]
VERSION = "1"
BINDING = "0.3.0"  # of AMQP, in AsyncAPI
DIALECT = "https://json-schema.org/draft/2020-12/schema"
INTRODUCTION = """What the services of Jishi 集市 say to each other, and what systems outside may listen to: bind a
queue of your own to the exchange `events`. A message is delivered at least once, every copy with the same
`cloudEvents_id`. Ignore fields that you do not know; a field that is missing or null is unknown. A topic never
changes its meaning: a new one is a new version, said beside the old."""
TEXT: Json = {"type": "string"}
UUID: Json = {"type": "string", "format": "uuid"}
MOMENT: Json = {"type": "string", "format": "date-time"}


@dataclass(frozen=True)
class Party:
    """Who speaks or listens: what it says, and the queue in which it hears each topic."""

    name: str
    says: frozenset[type[Message]] = frozenset()
    hears: Mapping[str, str] = field(default_factory=dict)


def schema(message: type[Message]) -> Json:
    """The JSON Schema of a message's body; its `$id` travels with every message as `cloudEvents_dataschema`."""
    parts = Components("#/$defs/", complete=True)
    body = parts.object(message)
    named = {"$defs": parts.schemas} if parts.schemas else {}
    return {"$schema": DIALECT, "$id": wire.schema_of(message.topic), "title": message.__name__, **body, **named}


def document(types: Sequence[type[Message]], parties: Sequence[Party], examples: Mapping[str, Json]) -> Json:
    """The AsyncAPI document of these messages; `examples` are bodies by topic."""
    parts = Components(complete=True)
    said = {one.topic: _message(one, parts, examples.get(one.topic)) for one in types}
    return {
        "asyncapi": "3.0.0",
        "id": "urn:jishi",
        "info": {"title": "Jishi 集市", "version": VERSION, "description": " ".join(INTRODUCTION.split())},
        "defaultContentType": wire.CONTENT_TYPE,
        "servers": {"broker": {"host": "rabbitmq:5672", "protocol": "amqp", "protocolVersion": "0.9.1"}},
        "channels": {one.topic: _channel(one) for one in types},
        "operations": {name: told for party in parties for name, told in _operations(party, types)},
        "components": {
            "messages": said,
            "schemas": {**parts.schemas, "Headers": _headers()},
            "correlationIds": {"request": {"location": "$message.header#/correlation_id"}},
        },
    }


def _message(message: type[Message], parts: Components, example: Json | None) -> Json:
    own = {
        "cloudEvents_type": {"const": message.topic},
        "cloudEvents_dataschema": {"const": wire.schema_of(message.topic)},
    }
    return {
        "name": message.topic,
        "title": message.__name__,
        "summary": described(message),
        "contentType": wire.CONTENT_TYPE,
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


def _channel(message: type[Message]) -> Json:
    kind = "direct" if message.kind == Command.kind else "topic"
    exchange = {"name": wire.exchange_of(message.kind), "type": kind, "durable": True, "autoDelete": False}
    return {
        "address": message.topic,
        "messages": {message.topic: {"$ref": f"#/components/messages/{message.topic}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": BINDING}},
    }


def _operations(party: Party, types: Iterable[type[Message]]) -> Iterable[tuple[str, Json]]:
    for message in types:
        if message in party.says:
            yield f"{party.name}.says.{message.topic}", _saying(message)
        if message.topic in party.hears:
            yield f"{party.name}.hears.{message.topic}", _hearing(message, party.hears[message.topic])


def _saying(message: type[Message]) -> Json:
    binding = {"deliveryMode": 2, "mandatory": True, "bindingVersion": BINDING}
    return {"action": "send", **_of(message), "bindings": {"amqp": binding}, **_reply(message)}


def _hearing(message: type[Message], queue: str) -> Json:
    told = {"bindings": {"amqp": {"ack": True, "bindingVersion": BINDING}}, "x-queue": queue}
    return {"action": "receive", **_of(message), **told, **_reply(message)}


def _of(message: type[Message]) -> Json:
    return {"channel": {"$ref": f"#/channels/{message.topic}"}, "messages": [_reference(message)]}


def _reply(message: type[Message]) -> Json:
    """A command's answers: events on topics of their own, so the reply has messages and no one channel."""
    if not issubclass(message, Command) or not message.yes:
        return {}
    answers: tuple[type[Message], ...] = (*message.yes, *message.no)
    told = {"x-yes": [one.topic for one in message.yes], "x-no": [one.topic for one in message.no]}
    return {"reply": {"messages": [_reference(one) for one in dict.fromkeys(answers)], **told}}


def _reference(message: type[Message]) -> Json:
    return {"$ref": f"#/channels/{message.topic}/messages/{message.topic}"}


def _headers() -> Json:
    required: Json = {
        "cloudEvents_specversion": {"const": "1.0"},
        "cloudEvents_type": {**TEXT, "description": "The topic."},
        "cloudEvents_id": {**UUID, "description": "The same on every copy; also the AMQP property message_id."},
        "cloudEvents_source": {**TEXT, "description": "The service that says it."},
        "cloudEvents_subject": {**TEXT, "description": "What it speaks of; one subject's leave in order."},
        "cloudEvents_time": {**MOMENT, "description": "When it was said."},
        "cloudEvents_dataschema": {**TEXT, "format": "uri", "description": "The $id of the body's JSON Schema."},
        "correlation_id": {**UUID, "description": "One for all that follows from a request."},
    }
    known = {
        "causation_id": {**UUID, "description": "The message that it follows from or answers."},
        "traceparent": {**TEXT, "description": "W3C Trace Context."},
        "not_after": {**MOMENT, "description": "A command that is handled later is answered no."},
    }
    return cast("Json", {"type": "object", "properties": {**required, **known}, "required": list(required)})
