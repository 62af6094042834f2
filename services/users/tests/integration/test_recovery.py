"""A forgotten password is replaced by a link that is mailed."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from services.users.tests.builders import PASSWORD, sign_in
from shared.auth import ANONYMOUS, SessionOver, verify
from shared.settings import MissingSetting
from users.credentials.model import RecoveryTokenInvalid
from users.erasing import ERASER
from users.messages.dependency import MailWorker
from users.sessions.model import FREE_ATTEMPTS, AttemptLimitReached, CredentialsInvalid, PasswordWeak

EMAIL, NEW = "mei.lin@example.com", "a jar of seven pickled plums"
LINK = re.compile(r"https://jishi\.example/recover#([\w-]{43})$", re.MULTILINE)


@pytest.fixture(autouse=True)
def site(monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://jishi.example/")


@pytest.fixture
def mailed(users, post, shopper, server):
    """Request a link, and return the token in the newest mail."""

    def requested():
        users.request_recovery(ANONYMOUS, {"email": " Mei.Lin@Example.com "})
        post.send_mail()
        return token_in(server.mails[-1])

    return requested


def token_in(mail):
    return LINK.search(mail[2].get_content())[1]


def recover(users, token, new=NEW):
    users.recover_password(ANONYMOUS, {"token": token, "new_password": new})


def test_the_link_in_the_mail_sets_a_new_password(users, mailed, server):
    recover(users, mailed())
    sign_in(users, password=NEW)
    with pytest.raises(CredentialsInvalid):
        sign_in(users, password=PASSWORD)


def test_all_sessions_end_and_the_owner_is_told(users, mailed, open_work):
    tokens = users.sign_in(ANONYMOUS, {"email": EMAIL, "password": PASSWORD})
    recover(users, mailed())
    with pytest.raises(SessionOver):
        verify(tokens["access_token"])
    caller = sign_in(users, password=NEW)
    assert users.list_messages(caller, {})["items"][0]["template"] == "password_changed"
    assert len(users.list_sessions(caller, {})["items"]) == 1


def test_the_token_is_in_the_mail_alone(users, mailed, shopper, open_work):
    token = mailed()
    (shown,) = (one for one in users.list_messages(shopper, {})["items"] if one["template"] == "password_recovery")
    assert token not in str(shown)
    assert "#" not in shown["text"]
    with open_work() as work:
        for table in ("recovery", "message", "provider_calls", "outbox", "idempotency"):
            rows = work.connection.execute(text(f"SELECT * FROM {table}")).all()
            assert token.encode() not in b"".join(
                bytes(v) for row in rows for v in row if isinstance(v, memoryview | bytes)
            )
            assert token not in str(rows)


def test_the_answer_is_the_same_for_an_address_without_an_account(users, post, shopper, server):
    answers = [users.request_recovery(ANONYMOUS, {"email": each}) for each in (EMAIL, "nobody@example.com")]
    assert answers == [{}, {}]
    post.send_mail()
    assert [mail[1] for mail in server.mails] == [[EMAIL]]


def test_a_link_is_valid_once_and_makes_all_others_invalid(users, mailed):
    first, second = mailed(), mailed()
    recover(users, second)
    for used in (first, second):
        with pytest.raises(RecoveryTokenInvalid):
            recover(users, used, "another jar of plums")
    sign_in(users, password=NEW)


def test_of_two_who_use_a_link_at_the_same_time_one_succeeds(users, mailed):
    token, together = mailed(), Barrier(2)

    def use(new):
        together.wait()
        try:
            recover(users, token, new)
        except RecoveryTokenInvalid:
            return None
        return new

    with ThreadPoolExecutor(2) as pool:
        chosen = [new for new in pool.map(use, [NEW, "another jar of plums"]) if new]
    assert len(chosen) == 1
    sign_in(users, password=chosen[0])


@pytest.mark.parametrize(("minutes", "is_valid"), [(29, True), (30, False)])
def test_a_link_is_valid_for_half_an_hour(users, mailed, post, minutes, is_valid):
    token = mailed()
    post.ahead += timedelta(minutes=minutes)
    if is_valid:
        recover(users, token)
    else:
        with pytest.raises(RecoveryTokenInvalid):
            recover(users, token)


@pytest.mark.parametrize("token", ["x", "é" * 43, "A" * 43])
def test_an_unknown_token_is_refused(users, mailed, token):
    mailed()
    with pytest.raises(RecoveryTokenInvalid):
        recover(users, token)


def test_a_weak_password_is_refused_and_the_link_stays_valid(users, mailed):
    token = mailed()
    with pytest.raises(PasswordWeak):
        recover(users, token, "mei.lin@example.com")
    recover(users, token)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
def test_requests_are_limited_like_sign_ins_and_apart_from_them(users, post, shopper, email):
    for _ in range(FREE_ATTEMPTS):
        users.request_recovery(ANONYMOUS, {"email": email})
    with pytest.raises(AttemptLimitReached):
        users.request_recovery(ANONYMOUS, {"email": email})
    sign_in(users)


def test_whoever_has_guessed_too_often_recovers_at_once_and_signs_in(users, mailed):
    for _ in range(FREE_ATTEMPTS):
        with pytest.raises(CredentialsInvalid):
            sign_in(users, password="wrong horse")
    recover(users, mailed())
    sign_in(users, password=NEW)


def test_the_link_of_an_erased_account_is_invalid_and_its_mail_is_not_sent(
    users, post, mailed, shopper, server, open_work
):
    token = mailed()
    users.request_recovery(ANONYMOUS, {"email": EMAIL})
    with open_work() as work:
        ERASER.erase(work, shopper.account)
    post.send_mail()
    assert len(server.mails) == 1
    with pytest.raises(RecoveryTokenInvalid):
        recover(users, token)


def test_a_mail_that_is_sent_again_has_another_link_and_both_are_valid_until_one_is_used(
    users, post, shopper, server
):
    users.request_recovery(ANONYMOUS, {"email": EMAIL})
    (claimed,) = post.worker.claim(post.open_work, 10)
    claimed.make()  # and its process dies
    post.later(minutes=5)
    first, second = map(token_in, server.mails)
    assert second != first
    recover(users, first)
    with pytest.raises(RecoveryTokenInvalid):
        recover(users, second)


def test_a_process_that_sends_mail_does_not_start_without_the_address_of_the_pages(post, monkeypatch):
    MailWorker().setup()
    monkeypatch.delenv("PUBLIC_URL")
    with pytest.raises(MissingSetting):
        MailWorker().setup()


def test_expired_links_are_purged(users, mailed, open_work):
    mailed()
    with open_work() as work:
        work.connection.execute(text("UPDATE recovery SET created_at = created_at - interval '31 minutes'"))
    mailed()
    users.purge()
    with open_work() as work:
        assert work.connection.execute(text("SELECT count(*) FROM recovery")).scalar_one() == 1
