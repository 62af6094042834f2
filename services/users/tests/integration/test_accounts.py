import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from services.users.tests.builders import PASSWORD, registration, sign_in, signed_in
from shared.answering import fingerprint
from shared.auth import ANONYMOUS, Caller
from shared.contracts.users import UserRegistered
from shared.contracts.users.requests import Register
from shared.errors import Refusal
from shared.idempotency import KeyReused, _digest, keyed_digest
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import published
from users import create_auditor, create_operator
from users.accounts.model import EmailTaken
from users.sessions.model import PasswordWeak


def test_registering_opens_an_account_and_publishes_it_without_personal_data(users, open_work):
    response = users.register(ANONYMOUS, registration())
    assert (response["email"], response["name"]) == ("mei.lin@example.com", "林梅")
    (event,) = published(open_work)
    assert isinstance(event, UserRegistered)
    assert str(event.user_id) == response["user_id"]


def test_an_address_has_one_account_in_any_spelling(users):
    users.register(ANONYMOUS, registration())
    with pytest.raises(EmailTaken):
        users.register(ANONYMOUS, registration(email="MEI.LIN@example.COM "))


def test_ten_concurrent_registrations_make_one_account(users, open_work):
    def attempt(_):
        try:
            return users.register(ANONYMOUS, registration())["user_id"]
        except EmailTaken:
            return None

    with ThreadPoolExecutor(10) as pool:
        made = [user_id for user_id in pool.map(attempt, range(10)) if user_id]
    assert len(made) == 1
    assert len(published(open_work)) == 1


def test_registering_twice_with_one_key_gives_the_same_response(users):
    wanted = registration(idempotency_key="first-visit")
    assert users.register(ANONYMOUS, wanted) == users.register(ANONYMOUS, wanted)


def test_a_key_of_another_registration_is_refused(users):
    users.register(ANONYMOUS, registration(idempotency_key="first-visit"))
    with pytest.raises(KeyReused):
        users.register(ANONYMOUS, registration(idempotency_key="first-visit", email="hua@example.com"))


def test_a_key_with_another_password_is_refused(users):
    users.register(ANONYMOUS, registration(idempotency_key="first-visit", password=PASSWORD))
    with pytest.raises(KeyReused):
        users.register(ANONYMOUS, registration(idempotency_key="first-visit", password=PASSWORD + "!"))


def test_no_fast_hash_of_a_password_is_stored(users, open_work):
    def stored():
        with open_work() as work:
            return work.connection.execute(text("SELECT request FROM idempotency")).scalar_one()

    wanted = Register(**registration())
    users.register(ANONYMOUS, registration(idempotency_key="first-visit"))
    request = {"email": wanted.email, "name": wanted.name}
    guesses = [hashlib.sha256(PASSWORD.encode()).hexdigest(), PASSWORD, keyed_digest(PASSWORD, b"")]
    assert stored() not in [_digest({**request, "password": guess}) for guess in guesses]
    assert stored() == _digest(fingerprint(wanted))


@pytest.mark.parametrize("password", ["12345678", "Password123", "MeiLin1990", "woaini1314"])
def test_a_weak_password_opens_no_account(users, open_work, password):
    with pytest.raises(PasswordWeak):
        users.register(ANONYMOUS, registration(password=password, name="Mei Lin"))
    assert published(open_work) == []


@pytest.mark.parametrize(
    "wrong", [{"email": 3}, {"name": ""}, {"password": None}, {"name": "x" * 61}, {"name": " "}, {"email": "mei"}]
)
def test_an_invalid_registration_is_refused_with_a_code(users, wrong):
    with pytest.raises(Refusal) as refused:
        users.register(ANONYMOUS, registration(**wrong))
    assert refused.value.code in ("request_invalid", "email_invalid", "name_invalid")


def test_a_shopper_sees_their_own_account(users):
    caller = signed_in(users)
    me = users.get_me(caller, {})
    assert (me["email"], me["roles"], me["shops"]) == ("mei.lin@example.com", ["shopper"], [])
    assert caller.roles == {Role.SHOPPER}


def test_the_first_operator_is_appointed_from_the_command_line(users, database_url, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("OPERATOR_PASSWORD", PASSWORD)
    create_operator.main("Boss@example.com")
    create_operator.main("boss@example.com")
    assert "boss@example.com is an operator" in capsys.readouterr().out
    (entry,) = users.list_operator_log(Caller(), {})["items"]  # appointed once
    assert (entry["actor"], entry["action"]) == ("command line", "account.appoint")
    assert (entry["before"], entry["after"]) == ({"roles": ["shopper"]}, {"roles": ["operator", "shopper"]})
    assert sign_in(users, "boss@example.com").roles == {Role.SHOPPER, Role.OPERATOR}


def test_the_auditor_is_appointed_from_the_command_line(users, database_url, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("AUDITOR_PASSWORD", PASSWORD)
    create_auditor.main("auditor@example.com")
    create_auditor.main("auditor@example.com")
    assert "auditor@example.com is an auditor" in capsys.readouterr().out
    assert sign_in(users, "auditor@example.com").roles == {Role.SHOPPER, Role.AUDITOR}


def test_a_stranger_who_registered_the_operators_address_first_is_not_appointed(users, database_url, monkeypatch):
    signed_in(users)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("OPERATOR_PASSWORD", "another password")
    with pytest.raises(EmailTaken):
        create_operator.main("mei.lin@example.com")
    assert sign_in(users).roles == {Role.SHOPPER}


def test_a_shopper_is_appointed_as_operator_with_their_own_password(users, database_url, monkeypatch):
    signed_in(users)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("OPERATOR_PASSWORD", PASSWORD)
    create_operator.main("mei.lin@example.com")
    assert sign_in(users).is_(Role.OPERATOR)


def test_a_token_of_an_unknown_account_is_refused(users):
    caller = signed_in(users)
    with pytest.raises(Refusal) as refused:
        users.get_me(type(caller)(user_id=new_id(), roles=caller.roles), {})
    assert refused.value.code == "account_not_found"
