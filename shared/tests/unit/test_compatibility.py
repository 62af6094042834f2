"""The compatibility check of released messages: additions pass, every other change is reported."""

import copy

import pytest

from shared import asyncapi
from shared.compatibility import breaks
from shared.contracts import catalog, payments

TOPIC = catalog.StockRefused.topic
RELEASED = asyncapi.schema(catalog.StockRefused)
NESTED = asyncapi.schema(catalog.ProductPublished)


def changed(schema, change):
    changing = copy.deepcopy(schema)
    change(changing)
    return changing


def rename(schema):
    schema["properties"]["shelf_ids"] = schema["properties"].pop("sku_ids")
    schema["required"] = ["shelf_ids" if name == "sku_ids" else name for name in schema["required"]]


def optional(schema):
    schema["properties"]["warehouse"] = {"type": ["string", "null"]}


def also_required(schema):
    optional(schema)
    schema["required"].append("warehouse")


CHANGES = {
    "removed": (lambda s: s["properties"].pop("sku_ids"), "sku_ids was removed or renamed"),
    "renamed": (rename, "sku_ids was removed or renamed"),
    "of another type": (
        lambda s: s["properties"].update(checkout_id={"type": "integer"}),
        "checkout_id changed its type from string to integer",
    ),
    "of another format": (
        lambda s: s["properties"].update(checkout_id={"type": "string"}),
        "checkout_id changed its format from uuid to None",
    ),
    "of other items": (
        lambda s: s["properties"]["sku_ids"].update(items={"type": "integer"}),
        "sku_ids[] changed its type from string to integer",
    ),
    "nullable": (
        lambda s: s["properties"]["checkout_id"].update(type=["string", "null"]),
        "checkout_id changed its type from string to ['string', 'null']",
    ),
    "new and required": (also_required, "warehouse was made required"),
    "not always there": (lambda s: s["required"].remove("reason"), "reason may be missing now"),
    "without one of its values": (
        lambda s: s["properties"]["reason"]["enum"].remove("off_shelf"),
        "reason lost its value off_shelf",
    ),
    "free text": (lambda s: s["properties"]["reason"].pop("enum"), "reason is no longer a choice"),
    "shorter": (
        lambda s: s["properties"]["checkout_id"].update(maxLength=10),
        "checkout_id changed its maxLength from None to 10",
    ),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_ec_04_an_incompatible_change_of_a_field_is_reported(change, expected):
    found = breaks(TOPIC, RELEASED, changed(RELEASED, change))
    assert f"{TOPIC}: {expected}: new version" in found


def test_ec_04_nested_fields_are_checked_too():
    def retype(schema):
        schema["$defs"]["Money"]["properties"]["amount"]["type"] = "string"

    (found,) = breaks("catalog.product_published.v1", NESTED, changed(NESTED, retype))
    assert "skus[].price.amount changed its type from integer to string" in found


def test_ec_04_nullable_enums_are_checked_too():
    plain = asyncapi.schema(payments.PaymentOpened)
    maybe = changed(plain, lambda s: s["properties"].update(method={"anyOf": [{"type": "null"}, {}]}))
    (found, *_) = breaks("payments.payment_opened.v1", plain, maybe)
    assert "method" in found
    assert breaks("payments.payment_opened.v1", maybe, plain)


def test_ec_04_a_released_message_cannot_be_removed():
    assert "was removed" in breaks(TOPIC, RELEASED, None)[0]


def test_ec_04_optional_fields_can_be_added_and_texts_corrected():
    def add(schema):
        optional(schema)
        schema["description"] = "A better description."
        schema["properties"]["reason"]["enum"].append("frozen")

    assert breaks(TOPIC, RELEASED, changed(RELEASED, add)) == []
    assert breaks(TOPIC, RELEASED, RELEASED) == []
