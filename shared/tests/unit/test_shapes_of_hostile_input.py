"""Values that JSON allows and a database cannot store are refused with their field."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from shared import shapes


@dataclass(frozen=True)
class Note:
    text: str
    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    tags: dict[str, str] | None = None


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "\udfff ok"])
def test_text_that_cannot_be_stored_is_refused(text):
    with pytest.raises(shapes.Misshapen) as refused:
        shapes.load(Note, {"text": text})
    assert set(refused.value.errors) == {"text"}
    with pytest.raises(shapes.Misshapen):
        shapes.load(Note, {"text": "fine", "tags": {"zh": text}})


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00", "now", 5, "2026-01-01"])
def test_an_invalid_timestamp_is_refused(at):
    with pytest.raises(shapes.Misshapen) as refused:
        shapes.load(Note, {"text": "fine", "at": at})
    assert set(refused.value.errors) == {"at"}


def test_any_other_character_is_kept():
    text = "全棉四件套 🛏️\t\n½ \u200d"
    assert shapes.load(Note, {"text": text}).text == text


@pytest.mark.parametrize("length", [4 * 255 + 1, 60_000])
def test_a_text_far_over_its_limit_is_refused_before_it_is_processed(length):
    seen: list[str] = []

    @dataclass(frozen=True)
    class Named:
        name: str = shapes.text(255, kind=lambda value: seen.append(value) or value.strip())

    with pytest.raises(shapes.Misshapen) as refused:
        shapes.load(Named, {"name": "a".ljust(length)})
    assert set(refused.value.errors) == {"name"}
    assert seen == []
    assert shapes.load(Named, {"name": "a".ljust(4 * 255)}).name == "a"
