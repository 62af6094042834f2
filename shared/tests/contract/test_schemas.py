"""Published messages fit their JSON Schemas, and messages that do not fit cannot be loaded."""

import copy
import json
import types
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shared.contracts
from shared import asyncapi, messages, outbox
from shared.shapes import Misshapen

EXAMPLES = Path(__file__).parent / "examples"
TYPES = [m for m in messages.message_types() if m.__module__.startswith("shared.contracts.")]
every_message = pytest.mark.parametrize("message", TYPES, ids=lambda m: m.topic)
SCALARS = {
    str: st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20),
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    UUID: st.uuids(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}


def of(hint):
    """Values of a type that contracts use."""
    args = get_args(hint)
    if get_origin(hint) in (Union, types.UnionType):
        return st.one_of(st.none() if a is type(None) else of(a) for a in args)
    if get_origin(hint) is tuple:
        return st.lists(of(args[0]), max_size=3).map(tuple)
    if get_origin(hint) is dict:
        return st.dictionaries(of(args[0]), of(args[1]), max_size=3)
    if get_origin(hint) is Literal:
        return st.sampled_from(args)
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    return built(hint) if is_dataclass(hint) else SCALARS[hint]


def built(shape):
    hints = get_type_hints(shape)
    return st.builds(shape, **{f.name: of(hints[f.name]) for f in fields(shape)})


def validator(message):
    return jsonschema_rs.Draft202012Validator(asyncapi.schema(message), validate_formats=True)


def example(message):
    return json.loads((EXAMPLES / f"{message.topic}.json").read_text())


@every_message
def test_ec_03_a_frozen_example_fits_the_schema_of_its_topic(message):
    validator(message).validate(example(message))


@every_message
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_ec_03_every_published_message_fits_the_schema_of_its_topic(message, data):
    published = json.loads(outbox.body(data.draw(built(message))))
    validator(message).validate(published)


def paths(body, path=()):
    """The path of every value in a JSON body."""
    inside = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in inside:
        yield (*path, key)
        yield from paths(value, (*path, key))


def without(body, path):
    holder = changed = copy.deepcopy(body)
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return changed


def with_other(body, path, value):
    holder = changed = copy.deepcopy(body)
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed


def reads(message, body):
    try:
        messages.load(message.topic, body)
    except Misshapen:
        return False
    return True


@every_message
def test_ec_03_schema_and_reader_agree_on_every_field_that_is_missing_or_of_another_type(message):
    body, checked = example(message), validator(message)
    for path in paths(body):
        changed = [without(body, path), *(with_other(body, path, v) for v in (None, "~", 7, True, [], {}))]
        for one in changed:
            assert reads(message, one) == checked.is_valid(one), (path, one)


@every_message
def test_ec_05_a_missing_optional_field_is_none_and_never_a_default(message):
    for path in paths(example(message)):
        if isinstance(path[-1], str):
            left = without(example(message), path)
            assert not reads(message, left) or dig(messages.dump(messages.load(message.topic, left)), path) is None


def dig(body, path):
    for key in path:
        body = body[key]
    return body


def test_ec_05_money_without_a_currency_is_refused():
    body = example(shared.contracts.payments.PaymentCaptured)
    del body["amount"]["currency"]
    with pytest.raises(Misshapen, match="currency"):
        messages.load("payments.payment_captured.v1", body)
