"""Dead letters as rows: they can be stored whatever their headers contain."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.delivery import Delivery
from shared.ids import new_id
from shared.loading import UNSTORABLE
from shared.operating import dead_letter_row

SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text() | st.binary()
    | st.decimals() | st.datetimes()
)  # fmt: skip
NAME = st.text() | st.binary()
TABLES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAME, inner, max_size=3),
    max_leaves=12,
)
KNOWN = [
    "cloudEvents_id",
    "cloudEvents_type",
    "dead_queue",
    "dead_attempts",
    "dead_first_failed_at",
    "jishi_retried",
]
NAMES = st.sampled_from([*KNOWN, "x-death", "dead_message"]) | st.text()


@given(st.binary(max_size=50), st.dictionaries(NAMES, TABLES, max_size=4))
def test_dl_03_a_dead_letter_can_be_stored_whatever_its_headers(body, headers):
    row = dead_letter_row.row("tally", Delivery(body, headers))
    text = json.dumps(row["headers"], allow_nan=False)
    assert not UNSTORABLE.search(json.dumps(json.loads(text), ensure_ascii=False))
    assert row["body"] == body
    assert all(isinstance(row[name], str) for name in ("topic", "queue", "copy"))


def test_deeply_nested_headers_are_cut():
    deep = "bottom"
    for _ in range(400):
        deep = [deep]
    assert "…" in json.dumps(dead_letter_row.storable({"deep": deep}), ensure_ascii=False)


def a_letter(body=b"{}", **headers):
    return dead_letter_row.row("tally", Delivery(body, headers))


def test_copies_of_one_failure_share_an_id_and_other_failures_do_not():
    first, other = str(new_id()), str(new_id())
    one = a_letter(cloudEvents_id=first, dead_last_failed_at="2026-01-01T00:00:00+00:00")
    assert one["copy"] == a_letter(cloudEvents_id=first, dead_last_failed_at="2026-01-01T00:00:09+00:00")["copy"]
    others = [
        a_letter(cloudEvents_id=other),
        a_letter(cloudEvents_id=first, jishi_retried=1),
        a_letter(cloudEvents_id=first, jishi_resent=other),
        a_letter(cloudEvents_id=first, jishi_resent=other, jishi_retried=1),
        a_letter(cloudEvents_id=first, dead_queue="tally:catalog.stock_low.v1"),
        a_letter(b"[]", cloudEvents_id=first),
        a_letter(dead_last_failed_at="2026-01-01T00:00:00+00:00"),
        a_letter(dead_last_failed_at="2026-01-01T00:00:09+00:00"),
    ]
    assert len({one["copy"], *(each["copy"] for each in others)}) == 9


def test_a_message_past_its_delivery_limit_names_the_limit_and_its_queue():
    row = a_letter(
        cloudEvents_type="catalog.stock_low.v1",
        **{"x-death": [{"reason": "delivery_limit", "queue": "tally:x", "count": 1}]},
    )
    assert (row["exception"], row["queue"], row["attempts"]) == ("delivery_limit", "tally:x", 20)


def test_a_dead_letter_without_a_queue_belongs_to_its_topics_queue():
    assert a_letter(cloudEvents_type="catalog.stock_low.v1")["queue"] == "tally:catalog.stock_low.v1"
    assert a_letter()["queue"] == "tally:unknown"


@pytest.mark.parametrize("attempts", ["3", -1, 2**31, None, 1.5])
def test_an_invalid_number_of_attempts_is_unknown(attempts):
    assert a_letter(dead_attempts=attempts)["attempts"] is None


def test_own_headers_are_those_the_message_was_sent_with():
    sent = {"cloudEvents_id": "1", "jishi_first_failed_at": "t", "price": Decimal(1)}
    marks = {"dead_host": "h", "x-death": [], "x-delivery-count": 3, "jishi_tries": 15, "x-first-death-queue": "q"}
    assert set(dead_letter_row.own_headers({**sent, **marks})) == set(sent)


def test_timestamps_are_aware_or_unknown():
    assert a_letter(dead_first_failed_at="2026-01-01T08:00:00+08:00")["first_failed_at"] == datetime(
        2026, 1, 1, tzinfo=UTC
    )
    assert a_letter(dead_first_failed_at="2026-01-01T08:00:00")["first_failed_at"] is None
