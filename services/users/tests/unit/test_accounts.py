import pytest
from hypothesis import given
from hypothesis import strategies as st

from users.accounts.model import EMAIL, EmailInvalid, NameInvalid, check_name, normalise_email


@given(st.emails())
def test_an_address_is_the_same_in_any_spelling(email):
    try:
        stored = normalise_email(email)
    except EmailInvalid:
        return
    assert normalise_email(f"  {email.upper()} ") == stored == normalise_email(stored)
    assert EMAIL.fullmatch(stored)


@pytest.mark.parametrize(
    "text", ["", "mei", "mei@", "@example.com", "mei@example", "a b@example.com", "梅@example.com", "mei@-x.com"]
)
def test_an_invalid_address_is_refused(text):
    with pytest.raises(EmailInvalid):
        normalise_email(text)


@pytest.mark.parametrize("text", ["   ", "\u3000", "\u200b", "林\n梅", "Mei\x1b[31m", "a\u2028b"])
def test_a_name_that_is_invisible_or_has_line_breaks_is_refused(text):
    with pytest.raises(NameInvalid):
        check_name(text)


@pytest.mark.parametrize("text", ["林梅", " Mei Lin ", "Zoë O'Hara-Łuk", "👩‍🌾", "مَي"])
def test_a_name_may_be_written_in_any_script(text):
    assert check_name(text) == text.strip()
