"""The devices on which a person is signed in, and signing out on them."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from services.users.tests.builders import PASSWORD, registration, signed_in
from shared.auth import ANONYMOUS, SessionOver, verify
from shared.contracts.users import SessionEnded
from shared.ids import new_id
from shared.testing import published
from users.sessions.model import IDLE, LONGEST, RefreshTokenInvalid, SessionNotFound

PHONE, DESK = {"browser": "wechat", "system": "ios"}, {"browser": "firefox", "system": "linux"}


@pytest.fixture
def sign_in(users):
    """Sign in on a device; returns the tokens."""
    users.register(ANONYMOUS, registration())

    def begin(device=None):
        credentials = {"email": "mei.lin@example.com", "password": PASSWORD, "device": device}
        return users.sign_in(ANONYMOUS, credentials)

    return begin


def listed(users, caller, **page):
    return users.list_sessions(caller, page)["items"]


def test_the_devices_are_listed_the_latest_first_and_the_current_one_is_marked(users, sign_in):
    phone, desk, script = (verify(sign_in(device)["access_token"]) for device in (PHONE, DESK, None))
    shown = listed(users, desk)
    assert [one["session_id"] for one in shown] == [str(each.session_id) for each in (script, desk, phone)]
    assert [one["device"] for one in shown] == [None, DESK, PHONE]
    assert [one["current"] for one in shown] == [False, True, False]


def test_a_device_is_used_when_its_session_is_refreshed(users, sign_in, open_work):
    tokens = sign_in(PHONE)
    caller = verify(tokens["access_token"])
    with open_work() as work:
        work.connection.execute(text("UPDATE session SET used_at = used_at - interval '1 hour'"))
    (before,) = listed(users, caller)
    users.refresh(ANONYMOUS, {"refresh_token": tokens["refresh_token"]})
    (after,) = listed(users, caller)
    assert (after["started_at"], after["used_at"] > before["used_at"]) == (before["started_at"], True)


def test_ended_and_expired_sessions_are_not_listed(users, sign_in, open_work):
    callers = [verify(sign_in()["access_token"]) for _ in range(4)]
    users.sign_out(callers[0], {})
    with open_work() as work:
        aged = text(
            "UPDATE session SET used_at = used_at - :idle, started_at = started_at - :old WHERE session_id = :id"
        )
        for caller, idle, old in ((callers[1], IDLE, IDLE), (callers[2], timedelta(0), LONGEST)):
            work.connection.execute(aged, {"idle": idle, "old": old, "id": caller.session_id})
    assert [one["session_id"] for one in listed(users, callers[3])] == [str(callers[3].session_id)]


def test_devices_are_listed_page_by_page(users, sign_in):
    callers = [verify(sign_in()["access_token"]) for _ in range(3)]
    first = users.list_sessions(callers[0], {"limit": 2})
    rest = users.list_sessions(callers[0], {"limit": 2, "cursor": first["next"]})
    assert first["items"] + rest["items"] == listed(users, callers[0])
    assert rest["next"] is None


def test_signing_out_on_a_device_ends_its_tokens_and_no_others(users, sign_in, open_work):
    phone, desk = sign_in(PHONE), sign_in(DESK)
    here, there = verify(desk["access_token"]), verify(phone["access_token"])
    for _ in range(2):
        users.end_session(here, {"session_id": str(there.session_id)})
    with pytest.raises(SessionOver):
        verify(phone["access_token"])
    with pytest.raises(RefreshTokenInvalid):
        users.refresh(ANONYMOUS, {"refresh_token": phone["refresh_token"]})
    assert [m.session_id for m in published(open_work) if isinstance(m, SessionEnded)] == [there.session_id]
    users.refresh(ANONYMOUS, {"refresh_token": desk["refresh_token"]})


def test_signing_out_everywhere_else_keeps_the_current_session(users, sign_in):
    others, mine = [sign_in(), sign_in()], sign_in()
    caller = verify(mine["access_token"])
    users.end_other_sessions(caller, {})
    for tokens in others:
        with pytest.raises(SessionOver):
            verify(tokens["access_token"])
    verify(mine["access_token"])
    assert [one["current"] for one in listed(users, caller)] == [True]


def test_a_session_of_another_person_is_not_found(users, sign_in):
    mine = verify(sign_in()["access_token"])
    stranger = signed_in(users, email="tom@example.com", name="Tom")
    for session_id in (mine.session_id, new_id()):
        with pytest.raises(SessionNotFound):
            users.end_session(stranger, {"session_id": str(session_id)})
    users.end_other_sessions(stranger, {})
    assert len(listed(users, mine)) == 1
    assert [one["session_id"] for one in listed(users, stranger)] == [str(stranger.session_id)]


def test_a_device_is_stored_encrypted(users, sign_in, open_work):
    sign_in(PHONE)
    with open_work() as work:
        (stored,) = work.connection.execute(text("SELECT device FROM session")).scalars()
    assert b"wechat" not in bytes(stored)
