"""Erasure of a user: open matters are listed and waited for; then the account is erased."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select, text

from services.users.tests.builders import PASSWORD, address, owned_shop, registration, sign_in, signed_in
from shared import message_encoding
from shared.auth import ANONYMOUS, Caller, SessionOver, verify
from shared.contracts import marketing, orders, payments
from shared.contracts.orders import ErasureRefusal, ErasureRefused, OpenMatter, OpenMatterKind
from shared.contracts.users import SessionEnded, UserErased
from shared.contracts.users.requests import SignIn
from shared.ids import new_id
from shared.outbox import outbox
from shared.permissions import Role
from shared.personal.replay import replay
from shared.testing import deliver, envelope, logged, published
from shared.testing.meeting import meet
from users.accounts.model import AccountNotFound
from users.erasing import ERASER
from users.erasure.model import ErasureNotFound, ErasureRunning
from users.service import UsersService
from users.sessions import use_cases as sessions
from users.sessions.model import CredentialsInvalid, PasswordIncorrect

ERASED_AT = datetime(2026, 3, 1, tzinfo=UTC)
ORDER_ID = new_id()
REPLIES = {
    orders.EraseBuyer: lambda c: orders.BuyerErased(user_id=c.user_id, rows=2),
    payments.ErasePayer: lambda c: payments.PayerErased(user_id=c.user_id, rows=0),
    marketing.EraseCouponHolder: lambda c: marketing.CouponHolderErased(user_id=c.user_id, rows=0),
}


def refused(command):
    matter = OpenMatter(kind=OpenMatterKind.ORDER, id=ORDER_ID)
    return ErasureRefused(user_id=command.user_id, reason=ErasureRefusal.MATTERS_OPEN, open=(matter,))


@pytest.fixture
def operator():
    return Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.OPERATOR}))


@pytest.fixture
def mei(users):
    return signed_in(users)


@pytest.fixture
def reply(open_work):
    """Reply once to every command in the outbox: with success, or with the given reply for a command's name."""
    replied = set()

    def waiting():
        rows = select(outbox.c.message_id, outbox.c.topic, outbox.c.body).where(outbox.c.kind == "command")
        with open_work.engine.connect() as connection:
            found = connection.execute(rows.where(outbox.c.not_before.is_(None)).order_by(outbox.c.position)).all()
        return [
            (r.message_id, message_encoding.message(r.topic, r.body)) for r in found if r.message_id not in replied
        ]

    def reply_to_all(**replies):
        names = []
        while commands := waiting():
            for message_id, command in commands:
                replied.add(message_id)
                names.append(type(command).__name__)
                make_reply = replies.get(names[-1], REPLIES.get(type(command)))
                sent = make_reply(command) if make_reply else command  # no reply: it is a timer
                deliver(UsersService, open_work, envelope(sent, in_reply_to=message_id if make_reply else None))
        return names

    return reply_to_all


def request_erasure(users, caller, password=PASSWORD):
    return users.request_erasure(caller, {"password": password})


def test_a_request_needs_the_right_password_and_wrong_ones_are_counted(users, mei, open_work):
    with pytest.raises(PasswordIncorrect):
        request_erasure(users, mei, "not the password")
    with pytest.raises(ErasureNotFound):
        users.get_erasure(mei, {})
    with open_work() as work:
        assert work.connection.execute(text("SELECT failures FROM sign_in_guard")).scalar_one() == 1


def test_open_matters_are_listed_and_the_account_remains(users, mei, reply):
    assert request_erasure(users, mei)["state"] == "running"
    assert reply(EraseBuyer=refused) == ["EraseBuyer"]
    shown = users.get_erasure(mei, {})
    assert (shown["state"], shown["open"]) == ("waiting", [{"kind": "order", "id": str(ORDER_ID)}])
    assert shown["next_check_at"] > shown["checked_at"]
    assert users.get_me(mei, {})["name"] == "林梅"
    assert sign_in(users)


def test_without_open_matters_the_account_is_erased_and_sign_in_is_refused(users, mei, reply, open_work):
    users.add_address(mei, {**address(), "idempotency_key": "a"})
    request_erasure(users, mei)
    assert reply() == ["EraseBuyer", "ErasePayer", "EraseCouponHolder"]
    with pytest.raises(CredentialsInvalid):
        sign_in(users)
    with open_work() as work:
        row = work.connection.execute(text("SELECT email, email_index, name, password_hash FROM account")).one()
        assert (bytes(row[0]), row[1], bytes(row[2]), row[3]) == (b"\x00", None, b"\x00", "")
        assert work.connection.execute(text("SELECT count(*) FROM address")).scalar_one() == 0
        assert work.connection.scalar(sa.select(ERASER.left(mei.user_id))) == 0
    assert [type(m) for m in published(open_work) if isinstance(m, UserErased | SessionEnded)] == [
        SessionEnded,
        UserErased,
    ]


def test_the_sessions_of_an_erased_user_have_ended(users, mei, reply):
    tokens = users.sign_in(ANONYMOUS, {"email": "mei.lin@example.com", "password": PASSWORD})
    request_erasure(users, mei)
    reply()
    with pytest.raises(SessionOver):
        verify(tokens["access_token"])


def test_the_address_of_an_erased_account_can_be_registered_again(users, mei, reply):
    request_erasure(users, mei)
    reply()
    users.register(ANONYMOUS, registration())
    assert sign_in(users).user_id != mei.user_id


def test_a_repeated_request_retries_a_waiting_erasure_at_once(users, mei, reply):
    request_erasure(users, mei)
    reply(EraseBuyer=refused)
    assert request_erasure(users, mei)["state"] == "running"
    assert request_erasure(users, mei)["state"] == "running"  # without a second attempt
    assert reply() == ["EraseBuyer", "ErasePayer", "EraseCouponHolder"]


def test_a_waiting_erasure_is_retried_when_it_is_due(users, mei, reply, open_work):
    request_erasure(users, mei)
    reply(EraseBuyer=refused)
    users.retry_erasures()
    assert reply() == []
    with open_work() as work:
        later = text("UPDATE erasure SET next_check_at = next_check_at - :by")
        work.connection.execute(later, {"by": timedelta(hours=1, seconds=1)})
    users.retry_erasures()
    assert reply() == ["EraseBuyer", "ErasePayer", "EraseCouponHolder"]


def test_the_erasure_of_a_shop_owner_waits_and_no_command_is_sent(users, mei, operator, reply):
    shop = owned_shop(users, operator, mei)
    shown = request_erasure(users, mei)
    assert (shown["state"], shown["open"]) == ("waiting", [{"kind": "shop", "id": shop["shop_id"]}])
    assert reply() == []


def test_an_invitation_is_not_accepted_during_an_erasure(users, mei, operator, reply):
    token = users.open_shop(operator, {"slug": "tea", "name": "茶", "owner_email": "mei.lin@example.com"})["token"]
    request_erasure(users, mei)
    with pytest.raises(ErasureRunning):
        users.accept_invitation(mei, {"token": token})


def test_the_address_of_an_erased_user_is_erased_in_invitations(users, mei, operator, reply):
    users.open_shop(operator, {"slug": "tea", "name": "茶", "owner_email": "Mei.Lin@example.com"})
    users.open_shop(operator, {"slug": "ink", "name": "墨", "owner_email": "tom@example.com"})
    request_erasure(users, mei)
    reply()
    emails = [shop["invitation"]["email"] for shop in users.list_all_shops(operator, {})["items"]]
    assert emails == ["", "tom@example.com"]


def test_an_erasure_is_withdrawn_only_while_it_waits(users, mei, reply):
    with pytest.raises(ErasureNotFound):
        users.withdraw_erasure(mei, {})
    request_erasure(users, mei)
    with pytest.raises(ErasureRunning):
        users.withdraw_erasure(mei, {})
    reply(EraseBuyer=refused)
    assert users.withdraw_erasure(mei, {})["state"] == "withdrawn"
    users.retry_erasures()
    assert reply() == []
    assert sign_in(users)


def test_a_request_by_an_operator_is_logged_with_ids_only(users, mei, operator, reply, open_work):
    requested = {"user_id": str(mei.user_id), "note": "by letter"}
    assert users.erase_account(operator, requested)["state"] == "running"
    reply()
    assert users.get_account_erasure(operator, {"user_id": str(mei.user_id)})["state"] == "erased"
    with open_work() as work:
        (entry,) = logged(work, action="account.erase")
    assert (entry["actor"], entry["about"]) == (str(operator.user_id), f"account {mei.user_id}")


def test_a_restored_database_is_erased_again_from_the_list(users, mei, open_work):
    listed = [(mei.user_id, ERASED_AT)]
    assert replay(open_work, ERASER, listed) > 0
    with pytest.raises(CredentialsInvalid):
        sign_in(users)
    assert replay(open_work, ERASER, listed) == 0


class ErasesWhileVerifying:
    """Passwords whose verification erases the account; all hashes count as dated."""

    def __init__(self, passwords, erase):
        self.passwords, self.erase = passwords, erase

    def matches(self, stored, password):
        matched = self.passwords.matches(stored, password)
        self.erase()
        return matched

    def needs_rehash(self, stored):
        return True

    def hash(self, password):
        return self.passwords.hash(password)


def test_sign_in_is_refused_if_the_account_is_erased_during_the_verification(users, mei, open_work):
    erase = lambda: replay(open_work, ERASER, [(mei.user_id, ERASED_AT)])  # noqa: E731
    verifying = ErasesWhileVerifying(users.passwords, erase)
    with pytest.raises(CredentialsInvalid):
        sessions.sign_in(open_work, verifying, SignIn(email="mei.lin@example.com", password=PASSWORD))
    with open_work() as work:
        assert work.connection.execute(text("SELECT password_hash FROM account")).scalar_one() == ""
        assert list(work.sessions.running_of(mei.user_id)) == []


def test_an_erased_account_can_neither_save_an_address_nor_accept_an_invitation(users, mei, operator, open_work):
    token = users.open_shop(operator, {"slug": "tea", "name": "茶", "owner_email": "mei.lin@example.com"})["token"]
    replay(open_work, ERASER, [(mei.user_id, ERASED_AT)])
    with pytest.raises(AccountNotFound):
        users.add_address(mei, {**address(), "idempotency_key": "a"})
    with pytest.raises(AccountNotFound):
        users.accept_invitation(mei, {"token": token})


def test_accepting_an_invitation_waits_for_a_concurrent_change_of_the_erasure(
    users, mei, operator, reply, open_work
):
    token = users.open_shop(operator, {"slug": "tea", "name": "茶", "owner_email": "mei.lin@example.com"})["token"]
    request_erasure(users, mei)
    reply(EraseBuyer=refused)
    begin = "UPDATE erasure SET state = 'running', next_check_at = NULL"
    with pytest.raises(ErasureRunning):
        meet(open_work.engine, begin, lambda: users.accept_invitation(mei, {"token": token}))
