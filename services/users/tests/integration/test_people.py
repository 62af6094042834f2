"""People as operators see them: found by exact values, masked, and in full only with a reason, which is logged."""

import pytest

from services.users.tests.builders import owned_shop, sign_in, signed_in
from shared.auth import Caller
from shared.contracts.users.people import RevealPerson
from shared.ids import new_id
from shared.permissions import Role
from shared.shapes import Misshapen
from shared.testing import logged
from users.accounts.model import AccountNotFound, masked
from users.erasing import ERASER

OPERATOR = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.OPERATOR}))


@pytest.fixture
def find(users):
    return lambda value: users.find_people(OPERATOR, {"q": str(value)})["items"]


@pytest.fixture
def entries(open_work):
    def _entries():
        with open_work() as work:
            found = [one for one in logged(work) if one["actor"] == str(OPERATOR.user_id)]
            return [(one["action"], one["about"], one["note"]) for one in found]

    return _entries


@pytest.mark.parametrize("value", ["mei.lin@example.com", " MEI.Lin@Example.com "])
def test_a_person_is_found_by_the_exact_address_and_shown_masked(users, find, value):
    mei = signed_in(users)
    (shown,) = find(value)
    assert shown["user_id"] == str(mei.user_id)
    assert (shown["masked_email"], shown["masked_name"]) == ("m•••@example.com", "林•••")
    assert "mei.lin" not in str(shown)
    assert (shown["roles"], shown["shops"], shown["is_erased"], shown["erasure"]) == (["shopper"], [], False, None)


def test_a_person_is_found_by_id_with_shops_and_running_sessions(users, find):
    mei = signed_in(users)
    shop = owned_shop(users, OPERATOR, mei)
    other = sign_in(users)
    users.sign_out(other, {})
    (shown,) = find(mei.user_id)
    assert shown == users.get_person(OPERATOR, {"user_id": str(mei.user_id)})
    assert shown["roles"] == ["merchant", "shopper"]
    assert [(each["shop_id"], each["duty"]) for each in shown["shops"]] == [(shop["shop_id"], "owner")]
    assert shown["sessions"] == 1
    assert shown["last_seen_at"] >= shown["created_at"]


@pytest.mark.parametrize("value", ["mei.lin", "mei.lin@example", "%@example.com", "林梅", "20261127501840000001"])
def test_nobody_is_found_by_a_part_of_an_address_or_by_a_name(users, find, entries, value):
    signed_in(users)
    assert find(value) == find(new_id()) == []
    assert entries() == []


def test_finding_and_reading_a_person_is_logged_by_id_without_what_was_typed(users, find, entries):
    mei = signed_in(users)
    about = f"account {mei.user_id}"
    find("mei.lin@example.com")
    users.get_person(OPERATOR, {"user_id": str(mei.user_id)})
    assert entries() == [("account.read", about, ""), ("account.find", about, "")]


def test_a_person_is_revealed_with_a_reason_and_each_time_is_logged(users, entries):
    mei = signed_in(users)
    request = {"user_id": str(mei.user_id), "reason": "she asked on the phone"}
    for _ in range(2):
        shown = users.reveal_person(OPERATOR, request)
    assert (shown["email"], shown["name"]) == ("mei.lin@example.com", "林梅")
    assert entries() == [("account.reveal", f"account {mei.user_id}", "she asked on the phone")] * 2
    for reason in ("", "   "):
        with pytest.raises(Misshapen):
            users.reveal_person(OPERATOR, {**request, "reason": reason})


def test_of_an_erased_person_only_the_id_is_left(users, find, open_work):
    mei = signed_in(users)
    users.erase_account(OPERATOR, {"user_id": str(mei.user_id), "note": "by letter"})
    assert find(mei.user_id)[0]["erasure"] == "running"
    with open_work() as work:
        ERASER.erase(work, mei.user_id)
    (shown,) = find(mei.user_id)
    assert (shown["masked_email"], shown["masked_name"], shown["is_erased"], shown["roles"]) == ("", "", True, [])
    assert find("mei.lin@example.com") == []
    with pytest.raises(AccountNotFound):
        users.reveal_person(OPERATOR, {"user_id": str(mei.user_id), "reason": "why"})


def test_an_unknown_person_is_not_found(users):
    for request in (users.get_person, users.reveal_person):
        with pytest.raises(AccountNotFound):
            request(OPERATOR, {"user_id": str(new_id()), "reason": "why"})


@pytest.mark.parametrize(
    ("value", "shown"),
    [("a@b.example", "a•••@b.example"), ("林", "林•••"), ("Mei Lin", "M•••"), ("", "")],
)
def test_a_mask_shows_the_first_character_and_tells_no_length(value, shown):
    assert masked(value) == shown


def test_a_person_is_revealed_to_operators_only_and_always_logged():
    assert RevealPerson.contract.allowed == {Role.OPERATOR}
    assert (RevealPerson.contract.action, RevealPerson.contract.reads) == ("account.reveal", False)
