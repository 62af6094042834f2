"""JSON on the wire: compact UTF-8, also of what the quick encoder does not support."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.message_encoding import decode, encode, text

TEXT = st.text(st.characters(codec="utf-8"))
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(DATA)
def test_json_is_that_of_pythons_encoder_and_is_read_as_it_was(data):
    assert text(data) == json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    assert decode(encode(data)) == data


def test_numbers_of_any_size_and_any_depth_are_written():
    deep = []
    for _ in range(500):
        deep = [deep]
    for data in (2**70, deep):
        assert json.loads(encode(data)) == data


@pytest.mark.parametrize("wrong", [b"{", b"NaN", b"\xff", b"[" * 2000], ids=["cut", "NaN", "no UTF-8", "deep"])
def test_what_is_no_json_is_a_value_error(wrong):
    with pytest.raises(ValueError, match=r"."):
        decode(wrong)
