"""People change their name and their password."""

import pytest

from services.users.tests.builders import PASSWORD, registration, sign_in
from shared.auth import ANONYMOUS, SessionOver, verify
from shared.shapes import Misshapen
from users.accounts.model import AccountNotFound
from users.erasing import ERASER
from users.sessions.model import (
    FREE_ATTEMPTS,
    AttemptLimitReached,
    CredentialsInvalid,
    PasswordIncorrect,
    PasswordWeak,
    RefreshTokenInvalid,
)

NEW = "a jar of seven pickled plums"


@pytest.fixture
def tokens(users):
    users.register(ANONYMOUS, registration())
    return [users.sign_in(ANONYMOUS, {"email": "mei.lin@example.com", "password": PASSWORD}) for _ in range(2)]


@pytest.fixture
def caller(tokens):
    return verify(tokens[0]["access_token"])


def change(users, caller, current=PASSWORD, new=NEW):
    users.change_password(caller, {"current_password": current, "new_password": new})


def test_a_changed_password_is_the_only_one_that_signs_in(users, caller):
    change(users, caller)
    sign_in(users, password=NEW)
    with pytest.raises(CredentialsInvalid):
        sign_in(users, password=PASSWORD)


def test_all_other_sessions_end_and_the_current_one_goes_on(users, tokens, caller):
    here, elsewhere = tokens
    change(users, caller)
    with pytest.raises(SessionOver):
        verify(elsewhere["access_token"])
    with pytest.raises(RefreshTokenInvalid):
        users.refresh(ANONYMOUS, {"refresh_token": elsewhere["refresh_token"]})
    verify(here["access_token"])
    users.refresh(ANONYMOUS, {"refresh_token": here["refresh_token"]})


def test_the_owner_is_told(users, caller):
    change(users, caller)
    newest = users.list_messages(caller, {})["items"][0]
    assert (newest["template"], newest["purpose"]) == ("password_changed", "security")


def test_a_wrong_current_password_changes_nothing_and_counts_as_a_guess(users, caller):
    for _ in range(FREE_ATTEMPTS):
        with pytest.raises(PasswordIncorrect):
            change(users, caller, current="wrong horse")
    with pytest.raises(AttemptLimitReached):
        change(users, caller)
    with pytest.raises(AttemptLimitReached):
        sign_in(users)


@pytest.mark.parametrize("new", ["short", "12345678", "林梅林梅林梅林梅", "mei.lin@example.com"])
def test_a_weak_new_password_changes_nothing(users, caller, new):
    with pytest.raises(PasswordWeak):
        change(users, caller, new=new)
    sign_in(users)


def test_the_owner_of_an_erased_account_changes_nothing(users, caller, open_work):
    with open_work() as work:
        ERASER.erase(work, caller.account)
    with pytest.raises(AccountNotFound):
        change(users, caller)
    with pytest.raises(AccountNotFound):
        users.change_me(caller, {"name": "林梅"})


def test_a_name_is_changed_and_normalised(users, caller):
    assert users.change_me(caller, {"name": "  林  小梅 "})["name"] == "林 小梅"
    assert users.get_me(caller, {})["name"] == "林 小梅"


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "林\x00梅", "梅" * 61])
def test_a_name_without_visible_characters_is_refused(users, caller, name):
    with pytest.raises(Misshapen):
        users.change_me(caller, {"name": name})
    assert users.get_me(caller, {})["name"] == "林梅"
