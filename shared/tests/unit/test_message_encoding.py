"""JSON on the wire: compact UTF-8, also of what the quick encoder does not support."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.message_encoding import decode, encode, text

TEXT = st.text(st.characters(codec="utf-8"))
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(DATA)
def test_json_is_that_of_pythons_encoder_and_is_read_as_it_was(data):
    assert text(data) == json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    assert decode(encode(data)) == data


def nested(data, depth):
    for _ in range(depth):
        data = [data]
    return data


@pytest.mark.parametrize("data", [2**70, -(2**63) - 1, nested([], 500), nested(2**70, 500)])
def test_numbers_of_any_size_and_any_depth_are_read_as_they_were_written(data):
    assert json.loads(encode(data)) == data
    assert decode(encode(data)) == data
    assert decode(text(data)) == data


WRONG = {
    "cut": b"{",
    "NaN": b"NaN",
    "no UTF-8": b"\xff",
    "deep": b"[" * 2000,
    "deep with a long number": b"[" * 1020 + b"1" * 30 + b"]" * 1020,
    "a number of 5,000 digits": b"1" * 5000,
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_no_json_is_a_value_error(wrong):
    with pytest.raises(ValueError, match=r"."):
        decode(wrong)
