"""docs/contracts is up to date, compatible with the released files, and contains every message."""

import copy
import gzip
import json
import re
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints
from uuid import UUID

import jsonschema
import pytest

from local import documents
from shared.compatibility import Broken

ROOT = Path(__file__).parents[2]
FILES = documents.generated()
ASYNCAPI = FILES[documents.DOCUMENT]
PAGE = (ROOT / "docs" / "contracts.md").read_text()


@pytest.fixture(scope="module")
def official():
    packed = (Path(__file__).parent / "data" / "asyncapi-3.0.0.json.gz").read_bytes()
    return jsonschema.Draft7Validator(json.loads(gzip.decompress(packed)))


def test_ec_06_the_committed_documents_are_up_to_date():
    committed = {str(p.relative_to(documents.FOLDER)): p.read_text() for p in documents.FOLDER.rglob("*.json")}
    committed.pop("openapi.json")  # `make lint` checks it, and the other files
    assert sorted(committed) == sorted(FILES), "make docs"
    assert [p for p, data in FILES.items() if committed[p] != documents.text(data)] == [], "make docs"


def test_ec_06_the_asyncapi_document_is_valid_by_the_official_schema(official):
    official.validate(ASYNCAPI)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("info"),
        lambda d: next(iter(d["operations"].values())).update(action="shout"),
        lambda d: next(iter(d["channels"].values())).update(queue="x"),
        lambda d: next(iter(d["components"]["messages"].values())).update(headers={"type": "string-ish"}),
    ],
)
def test_the_official_schema_refuses_errors(official, spoil):
    spoilt = copy.deepcopy(ASYNCAPI)
    spoil(spoilt)
    assert not official.is_valid(spoilt)


def test_ec_06_every_reference_of_the_document_resolves():
    references = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(ASYNCAPI)))
    assert len(references) > 100
    for reference in references:
        found = ASYNCAPI
        for step in reference.split("/"):
            found = found[step]


def test_ec_06_every_message_has_a_publisher_and_a_consumer():
    for message in documents.types():
        publishers, consumers = (
            parties("publishes", message),
            parties("consumes", message) + parties("consumes_reply", message),
        )
        assert publishers, f"{message.topic} has no publisher"
        if message.kind == "command":
            assert len(consumers) == 1, message.topic
        else:
            assert bool(consumers) != message.outside, f"{message.topic}: consumed by {consumers or 'no service'}"


def test_ec_06_every_reply_to_a_command_is_sent_by_its_owner_and_consumed_by_the_sender():
    for command in (message for message in documents.types() if message.kind == "command"):
        for answer in command.yes + command.no:
            assert parties("replies", answer) == parties("consumes", command), answer.topic
            assert set(parties("consumes_reply", answer)) == set(parties("publishes", command)), answer.topic


def parties(does, message):
    operations = [name.split(".") for name in ASYNCAPI["operations"] if name.endswith(f"{does}.{message.topic}")]
    return [party for party, verb, *_ in operations if verb == does]


def test_ec_06_every_command_that_the_code_makes_is_documented_as_sent():
    """The document takes the commands from the sagas' declarations, which are compared with the code here."""
    for service in documents.SERVICES:
        code = "\n".join(p.read_text() for p in (ROOT / "services" / service / service).rglob("*.py"))
        for message in documents.types():
            if message.kind == "command" and re.search(rf"\b{message.__name__}\(", code):
                assert service in parties("publishes", message), f"{service} makes {message.__name__}"


def test_ec_04_the_documents_break_no_released_contract():
    assert documents.breaks(FILES) == []


def test_ec_04_make_docs_refuses_a_break_and_writes_nothing(tmp_path):
    documents.write(FILES, tmp_path)
    spoilt = copy.deepcopy(FILES)
    schema = spoilt["schemas/catalog.stock_low.v1.json"]
    schema["properties"]["left"] = schema["properties"].pop("available")
    schema["required"] = ["left" if name == "available" else name for name in schema["required"]]
    with pytest.raises(Broken, match=r"catalog.stock_low.v1: available was removed or renamed: new version"):
        documents.write(spoilt, tmp_path)
    assert documents.breaks(FILES, tmp_path) == []


def test_ec_01_every_message_documents_the_whole_envelope():
    headers = ASYNCAPI["components"]["schemas"]["Headers"]
    required = {"specversion", "type", "id", "source", "subject", "time", "dataschema"}
    assert {f"cloudEvents_{name}" for name in required} <= set(headers["required"])
    assert {"correlation_id", "causation_id", "in_reply_to", "traceparent", "not_after"} <= set(
        headers["properties"]
    )
    for message in ASYNCAPI["components"]["messages"].values():
        (_, own) = message["headers"]["allOf"]
        assert own["properties"]["cloudEvents_dataschema"]["const"] == f"urn:jishi:{message['name']}"


NO_TEXTS = (UUID, int, bool, datetime, type(None))
IDS_OF_USERS = {"user_id", "buyer_id", "owner_id"}


def texts(shape, path):
    """The free texts of a message; its other fields cannot name a user."""
    hints = get_type_hints(shape)
    for spec in fields(shape):
        for hint in parts(hints[spec.name]):
            here = f"{path}{spec.name}"
            if hint is str:
                yield here
            elif is_dataclass(hint):
                yield from texts(hint, f"{here}.")
            else:
                assert hint is Ellipsis or hint in NO_TEXTS or issubclass(hint, Enum), here


def parts(hint):
    """The types in a field, also within a list or an optional one; no constants."""
    if get_origin(hint) is Literal:
        return []
    inner = get_args(hint)
    return [part for one in inner for part in parts(one)] if inner else [hint]


def test_ec_08_every_free_text_of_a_message_is_listed_with_its_content():
    section = PAGE.partition("## Personal data")[2].partition("\n## ")[0]
    listed = set(re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", section, re.MULTILINE))
    found = {(m.topic, path) for m in documents.types() for path in texts(m, "")}
    money = {(topic, path) for topic, path in found if path.endswith("currency")}
    assert listed == found - money


def test_ec_08_users_are_named_only_by_their_ids():
    ids = {spec.name for m in documents.types() for spec in fields(m) if get_type_hints(m)[spec.name] is UUID}
    about_users = {name for name in ids if name.split("_")[0] in {"user", "buyer", "owner", "person", "account"}}
    assert about_users == IDS_OF_USERS
    assert all(f"`{name}`" in PAGE for name in IDS_OF_USERS)
