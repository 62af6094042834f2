"""Normalising and checking texts of users."""

import time
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import text
from shared.text import UnfitText

KINDS = [text.line, text.note, text.code, text.person, text.phone, text.tracking_number, text.report]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
OVERRIDE, POP, ZERO_WIDTH, FULL_WIDTH = "\u202e", "\u202c", "\u200b", "\u3000"
BLANK = ["", "   ", FULL_WIDTH, ZERO_WIDTH, "\u3164", "\u200d\u00a0", "\u0301", "\ufeff", "\u2800"]
NO_NUMBERS = ["<b>13800138000</b>", "1380013800a", "++8613800138000", "1234", "call me", "1" * 23]


@every_kind
@given(value=st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_normalising_is_idempotent(kind, value):
    try:
        kept = kind(value)
    except UnfitText:
        return
    assert kind(kept) == kept == unicodedata.normalize("NFC", kept)


@every_kind
@given(marks=st.text("\u0301\u0316\u0344\u0f73\uff9e\u200b", min_size=28, max_size=70))
def test_a_letter_keeps_at_most_thirty_combining_marks_in_a_stable_order(kind, marks):
    try:
        kept = kind("a" + marks)
    except UnfitText:
        return
    assert kind(kept) == kept
    assert len(kept) <= 60


def work(kind, value):
    """The least CPU time of three runs, without waiting for other threads."""
    times = []
    for _ in range(3):
        began = time.thread_time()
        with suppress(UnfitText):
            kind(value)
        times.append(time.thread_time() - began)
    return min(times)


@pytest.mark.parametrize("inner", [" ", "\u3000", "\u200d", " \n", "\u200b ", "\u0301\u0316", "\u0301ﾞ", "\u3164"])
@every_kind
def test_the_processing_time_grows_linearly_with_the_length(kind, inner):
    short, long = (f"a{inner * (size // len(inner))}b" for size in (5_000, 20_000))
    assert work(kind, long) < 9 * max(work(kind, short), 0.0005)


@every_kind
@given(value=st.text("a\u0301 \u3000\u200b\u202e\u200d\n\x07👩", max_size=12))
def test_invisible_characters_at_the_edges_and_direction_overrides_are_removed(kind, value):
    try:
        kept = kind(value)
    except UnfitText:
        return
    assert kept == kept.strip() == kept.strip("\u200d")
    assert not set(kept) & {"\u200b", "\u202e", "\x07"}


@pytest.mark.parametrize("value", BLANK)
@every_kind
def test_an_invisible_text_is_empty(kind, value):
    assert kind(value) == ""


@pytest.mark.parametrize("kind", [text.line, text.note, text.code, text.person])
@pytest.mark.parametrize("value", ["Mei\x1b[31m", "a\x00b", "a\x85\x9fb"])
def test_a_control_character_is_refused(kind, value):
    with pytest.raises(UnfitText, match="control"):
        kind(value)


def test_a_line_has_single_spaces():
    assert text.line(f" Blue{FULL_WIDTH} \t mug\n") == "Blue mug"
    assert text.line(f"水{ZERO_WIDTH}杯") == "水杯"
    assert text.line("Zoe\u0308") == "Zoë"
    assert text.line(f"{OVERRIDE}gum{POP} cup") == "gum cup"


def test_a_note_keeps_its_lines():
    assert text.note("\r\n first \r\n\r\nsecond\u2028third \n ") == "first\n\nsecond\nthird"


def test_a_family_emoji_and_a_persian_word_keep_their_joiners():
    for value in ("👩‍🌾", "می‌خواهم"):
        assert text.line(value) == text.person(value) == value


def test_a_code_has_no_joiners():
    assert text.code("m\u200dug\u200c ") == "mug"


@pytest.mark.parametrize(
    "unseen", "\u034f\u115f\u1160\u180b\u180f\u2800\u3164\ufe00\ufe0f\uffa0\U000e0100\U000e01ef"
)
def test_a_code_has_no_invisible_characters(unseen):
    assert text.code(f"m{unseen}ug{unseen}") == "mug"
    assert text.line(f"m{unseen}ug") == f"m{unseen}ug"


def test_a_tracking_number_has_no_blanks():
    assert text.tracking_number(" ＳＦ 1234\u30005678\u200b ") == "SF12345678"
    with pytest.raises(UnfitText):
        text.tracking_number("<b>SF1</b>")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800138000", "13800138000"),
        ("\u202a+86 138-0013-8000\u202c", "+86 138-0013-8000"),
        ("１３８００１３８０００", "13800138000"),
        ("(0571) 8888–8888", "(0571) 8888-8888"),
        ("0571-88888888 转 8012", "0571-88888888 转 8012"),
        ("+1 415 555 0100 ext. 7", "+1 415 555 0100 ext. 7"),
    ],
)
def test_a_telephone_number_is_accepted_as_people_write_it(written, kept):
    assert text.phone(written) == kept


@pytest.mark.parametrize("written", NO_NUMBERS)
def test_an_invalid_telephone_number_is_refused(written):
    with pytest.raises(UnfitText, match="telephone"):
        text.phone(written)


def test_a_name_does_not_break_a_line():
    assert text.person("Mei Lin\n") == "Mei Lin"
    with pytest.raises(UnfitText, match="one line"):
        text.person("林\n梅")


def test_a_report_of_a_provider_is_accepted_without_its_control_characters():
    assert text.report("signed by\x07 neighbour\n") == "signed by neighbour"


def test_a_secret_is_not_changed():
    assert text.raw(" p\u200bass\x1bword ") == " p\u200bass\x1bword "
