import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from services.users.tests.builders import PASSWORD, registration, sign_in
from shared.auth import ANONYMOUS, SessionOver, verify
from shared.contracts.users import SessionEnded
from shared.testing import eventually, published
from shared.testing.meeting import WAITING
from users.retention import RULES
from users.sessions.model import (
    FREE_ATTEMPTS,
    GRACE,
    IDLE,
    AttemptLimitReached,
    CredentialsInvalid,
    RefreshTokenInvalid,
    RefreshTokenReused,
)
from users.sessions.use_cases import end_all


@pytest.fixture
def tokens(users):
    users.register(ANONYMOUS, registration())
    return users.sign_in(ANONYMOUS, {"email": "mei.lin@example.com", "password": PASSWORD})


def refresh(users, token):
    return users.refresh(ANONYMOUS, {"refresh_token": token})["refresh_token"]


def age_all(open_work, by):
    """Move all stored times into the past."""
    with open_work() as work:
        work.connection.execute(
            text("UPDATE session SET started_at = started_at - :by, used_at = used_at - :by"), {"by": by}
        )
        work.connection.execute(text("UPDATE refresh_token SET used_at = used_at - :by"), {"by": by})
        work.connection.execute(text("UPDATE sign_in_guard SET last_at = last_at - :by"), {"by": by})


def test_sign_in_responds_as_in_oauth(tokens):
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    assert len(tokens["refresh_token"]) == 43  # 256 bits


def test_no_token_is_stored_in_readable_form(tokens, open_work):
    with open_work() as work:
        rows = work.connection.execute(text("SELECT encode(digest, 'escape') FROM refresh_token")).scalars().all()
    assert rows
    assert tokens["refresh_token"] not in "".join(rows)


@pytest.mark.parametrize("email", ["mei.lin@example.com", "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_response(users, tokens, email):
    with pytest.raises(CredentialsInvalid):
        sign_in(users, email, "wrong horse")


@pytest.mark.parametrize("email", ["mei.lin@example.com", "nobody@example.com"])
def test_wrong_passwords_cause_a_wait_whether_the_account_exists_or_not(users, tokens, email):
    for _ in range(FREE_ATTEMPTS):
        with pytest.raises(CredentialsInvalid):
            sign_in(users, email, "wrong horse")
    with pytest.raises(AttemptLimitReached):
        sign_in(users, email, PASSWORD)


def test_guessing_in_parallel_gains_nothing(users, tokens):
    def guess(_):
        try:
            sign_in(users, password="wrong horse")
        except (CredentialsInvalid, AttemptLimitReached) as refused:
            return refused.code

    with ThreadPoolExecutor(12) as pool:
        results = list(pool.map(guess, range(12)))
    assert results.count("credentials_invalid") == FREE_ATTEMPTS


def test_a_sign_in_that_waited_for_a_lock_is_not_refused(users, tokens, open_work):
    with pytest.raises(CredentialsInvalid):
        sign_in(users, password="wrong horse")  # creates the row to lock
    with ThreadPoolExecutor(1) as pool, open_work.engine.begin() as connection:
        connection.execute(text("SELECT 1 FROM sign_in_guard FOR UPDATE"))
        waiting = pool.submit(sign_in, users)
        eventually(lambda: connection.execute(WAITING).scalar_one() > 0)
        # as a concurrent attempt would do
        connection.execute(text("UPDATE sign_in_guard SET last_at = clock_timestamp()"))
        connection.commit()
        assert waiting.result().user_id


def test_the_right_password_after_the_wait_clears_the_count(users, tokens, open_work):
    for _ in range(FREE_ATTEMPTS):
        with pytest.raises(CredentialsInvalid):
            sign_in(users, password="wrong horse")
    age_all(open_work, timedelta(seconds=31))
    sign_in(users)
    with open_work() as work:
        assert work.connection.execute(text("SELECT count(*) FROM sign_in_guard")).scalar() == 0


def test_a_reused_token_waits_for_the_erasure_of_its_account_without_a_deadlock(users, tokens, open_work):
    old = tokens["refresh_token"]
    refresh(users, refresh(users, old))
    user_id = verify(tokens["access_token"]).account
    with ThreadPoolExecutor(1) as pool:
        with open_work() as erasing:
            erasing.connection.execute(text("UPDATE account SET name = name"))
            reusing = pool.submit(refresh, users, old)
            eventually(lambda: erasing.connection.scalar(WAITING) > 0)
            end_all(erasing, user_id, "account_erased")
        with pytest.raises((RefreshTokenInvalid, RefreshTokenReused)):
            reusing.result()


def test_a_refresh_token_returns_its_successor(users, tokens):
    second = refresh(users, tokens["refresh_token"])
    third = refresh(users, second)
    assert len({tokens["refresh_token"], second, third}) == 3


def test_two_tabs_that_refresh_concurrently_get_the_same_token(users, tokens):
    with ThreadPoolExecutor(5) as pool:
        results = set(pool.map(lambda _: refresh(users, tokens["refresh_token"]), range(5)))
    assert len(results) == 1
    refresh(users, results.pop())


def test_a_token_used_again_later_ends_the_session(users, tokens, open_work):
    second = refresh(users, tokens["refresh_token"])
    age_all(open_work, GRACE + timedelta(seconds=1))
    with pytest.raises(RefreshTokenReused):
        refresh(users, tokens["refresh_token"])
    with pytest.raises(RefreshTokenInvalid):
        refresh(users, second)


def test_a_token_used_again_after_its_successor_was_used_ends_the_session_at_once(users, tokens):
    second = refresh(users, tokens["refresh_token"])
    third = refresh(users, second)
    with pytest.raises(RefreshTokenReused):
        refresh(users, tokens["refresh_token"])
    with pytest.raises(RefreshTokenInvalid):
        refresh(users, third)


def test_another_device_stays_signed_in_when_one_session_ends(users, tokens):
    other = users.sign_in(ANONYMOUS, {"email": "mei.lin@example.com", "password": PASSWORD})["refresh_token"]
    refresh(users, refresh(users, tokens["refresh_token"]))
    with pytest.raises(RefreshTokenReused):
        refresh(users, tokens["refresh_token"])
    refresh(users, other)


@pytest.mark.parametrize(
    "token", ["", "x", "é" * 43, secrets.token_urlsafe(32)], ids=["empty", "short", "accents", "random"]
)
def test_an_unknown_token_is_refused(users, tokens, token):
    with pytest.raises(Exception) as refused:
        refresh(users, token)
    assert refused.value.code in ("refresh_token_invalid", "request_invalid")


def test_a_session_ends_when_it_is_not_used_for_a_month(users, tokens, open_work):
    age_all(open_work, IDLE)
    with pytest.raises(RefreshTokenInvalid):
        refresh(users, tokens["refresh_token"])


def ended(open_work):
    return [message.session_id for message in published(open_work) if isinstance(message, SessionEnded)]


def test_signing_out_ends_the_session_and_its_access_tokens_and_is_published_once(users, open_work):
    users.register(ANONYMOUS, registration())
    mine = {"email": "mei.lin@example.com", "password": PASSWORD}
    here, elsewhere = users.sign_in(ANONYMOUS, mine), users.sign_in(ANONYMOUS, mine)
    caller = verify(here["access_token"])
    for _ in range(2):
        users.sign_out(caller, {})
    assert ended(open_work) == [caller.session_id]
    with pytest.raises(SessionOver):
        verify(here["access_token"])
    with pytest.raises(RefreshTokenInvalid):
        refresh(users, here["refresh_token"])
    verify(elsewhere["access_token"])  # the other session is not affected
    refresh(users, elsewhere["refresh_token"])


def test_a_token_used_twice_ends_the_access_tokens_of_the_session_too(users, tokens, open_work):
    caller = verify(tokens["access_token"])
    refresh(users, refresh(users, tokens["refresh_token"]))
    with pytest.raises(RefreshTokenReused):
        refresh(users, tokens["refresh_token"])
    assert ended(open_work) == [caller.session_id]
    with pytest.raises(SessionOver):
        verify(tokens["access_token"])


def count(open_work, table):
    with open_work() as work:
        return work.connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()


def test_old_sessions_are_purged_and_active_ones_are_kept(users, tokens, open_work):
    refresh(users, tokens["refresh_token"])
    age_all(open_work, IDLE + timedelta(days=1))
    active = users.sign_in(ANONYMOUS, {"email": "mei.lin@example.com", "password": PASSWORD})["refresh_token"]
    users.purge()
    assert (count(open_work, "session"), count(open_work, "refresh_token")) == (1, 1)
    refresh(users, active)


def test_a_session_is_purged_after_its_tokens_so_that_no_statement_deletes_a_whole_chain(users, tokens, open_work):
    for _ in range(3):
        tokens["refresh_token"] = refresh(users, tokens["refresh_token"])
    age_all(open_work, IDLE + timedelta(days=1))
    rule = RULES["session"]
    with open_work.engine.begin() as connection:
        assert rule.remove(connection, 10) == 0
        assert RULES["refresh_token"].remove(connection, 10) == 3
        assert rule.remove(connection, 10) == 1


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=8))
def test_a_session_has_at_most_one_unused_token_after_any_sequence_of_requests(users, open_work, tries):
    with open_work() as work:
        account = work.accounts.of_email("mei.lin@example.com")
    if account is None:
        users.register(ANONYMOUS, registration())
    held = [users.sign_in(ANONYMOUS, {"email": "mei.lin@example.com", "password": PASSWORD})["refresh_token"]]
    for which, late in tries:
        if late:
            age_all(open_work, GRACE + timedelta(seconds=1))
        try:
            held.append(refresh(users, held[which % len(held)]))
        except (RefreshTokenInvalid, RefreshTokenReused):
            continue
    with open_work() as work:
        by_session = "SELECT count(*) FROM refresh_token WHERE used_at IS NULL GROUP BY session_id"
        unused = work.connection.execute(text(by_session)).scalars().all()
    assert set(unused) <= {1}
