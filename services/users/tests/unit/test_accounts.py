import pytest
from hypothesis import given
from hypothesis import strategies as st

from users.domain.accounts import (
    EMAIL,
    NoEmail,
    NoName,
    WeakPassword,
    check_name,
    check_password,
    normalise_email,
    normalise_password,
)


@given(st.emails())
def test_an_address_is_one_however_it_is_written(email):
    try:
        stored = normalise_email(email)
    except NoEmail:
        return
    assert normalise_email(f"  {email.upper()} ") == stored == normalise_email(stored)
    assert EMAIL.fullmatch(stored)


@pytest.mark.parametrize(
    "text", ["", "mei", "mei@", "@example.com", "mei@example", "a b@example.com", "梅@example.com", "mei@-x.com"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(NoEmail):
        normalise_email(text)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "length"),
        ("x" * 129, "length"),
        ("Mei.Lin@example.com", "email"),
        ("MEI.LIN@", "email"),
        ("mei.lin2024", "email"),
        ("Example!2026", "email"),
        ("林梅林梅林梅林梅", "name"),
        ("LIN-MEI-1990", "email"),
        ("woaini1314", "common"),
        ("zzzzzzzzzz", "common"),
    ],
)
def test_a_password_that_a_guesser_tries_first_is_refused(password, reason):
    with pytest.raises(WeakPassword) as refused:
        check_password(password, "mei.lin@example.com", "Lin Mei 林梅")
    assert refused.value.facts == {"reason": reason}


@pytest.mark.parametrize("text", ["   ", "\u3000", "\u200b", "林\n梅", "Mei\x1b[31m", "a\u2028b"])
def test_a_name_that_cannot_be_seen_or_breaks_a_line_is_none(text):
    with pytest.raises(NoName):
        check_name(text)


@pytest.mark.parametrize("text", ["林梅", " Mei Lin ", "Zoë O'Hara-Łuk", "👩‍🌾", "مَي"])
def test_a_name_may_be_written_in_any_script(text):
    assert check_name(text) == text.strip()


def test_a_long_sentence_of_small_letters_is_a_good_password():
    check_password("crunchy armchair", "mei@example.com", "Mei")


@pytest.mark.parametrize("password", ["linoleum on the floor", "an example of moss", "kX9#mQ2v"])
def test_a_password_may_hold_the_name_among_other_things(password):
    check_password(password, "mei@example.com", "Lin Mei")


def test_a_full_width_password_is_the_same_as_a_half_width_one():
    assert normalise_password("ｐａｓｓ１２３４") == "pass1234"
