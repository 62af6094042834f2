"""A person asks to be erased: what is open is listed and waited for; then the account tells nothing."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select, text

from services.users.tests.builders import PASSWORD, address, owned_shop, registration, sign_in, signed_in
from shared import message_encoding
from shared.auth import NOBODY, Caller, SessionOver, verify
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
from users.erasure.model import ErasureNotFound, ErasureRunning, PasswordIncorrect
from users.service import UsersService
from users.sessions import use_cases as sessions
from users.sessions.model import CredentialsInvalid

ERASED_AT = datetime(2026, 3, 1, tzinfo=UTC)
ORDER_ID = new_id()
ANSWERS = {
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
def answer(open_work):
    """Answer every command that waits, each once: with yes, or as it is said here."""
    answered = set()

    def waiting():
        rows = select(outbox.c.message_id, outbox.c.topic, outbox.c.body).where(outbox.c.kind == "command")
        with open_work.engine.connect() as connection:
            found = connection.execute(rows.where(outbox.c.not_before.is_(None)).order_by(outbox.c.position)).all()
        return [
            (r.message_id, message_encoding.message(r.topic, r.body))
            for r in found
            if r.message_id not in answered
        ]

    def answer_all(**by):
        names = []
        while commands := waiting():
            for message_id, command in commands:
                answered.add(message_id)
                names.append(type(command).__name__)
                reply = by.get(names[-1], ANSWERS.get(type(command)))
                sent = reply(command) if reply else command  # a timer
                deliver(UsersService, open_work, envelope(sent, in_reply_to=message_id if reply else None))
        return names

    return answer_all


def request_it(users, who, password=PASSWORD):
    return users.request_erasure(who, {"password": password})


def test_only_the_right_password_asks_for_it_and_guessing_is_counted(users, mei, open_work):
    with pytest.raises(PasswordIncorrect):
        request_it(users, mei, "not the password")
    with pytest.raises(ErasureNotFound):
        users.get_erasure(mei, {})
    with open_work() as work:
        assert work.connection.execute(text("SELECT failures FROM sign_in_guard")).scalar_one() == 1


def test_what_is_open_is_listed_and_the_account_stays(users, mei, answer):
    assert request_it(users, mei)["state"] == "running"
    assert answer(EraseBuyer=refused) == ["EraseBuyer"]
    shown = users.get_erasure(mei, {})
    assert (shown["state"], shown["open"]) == ("waiting", [{"kind": "order", "id": str(ORDER_ID)}])
    assert shown["next_check_at"] > shown["checked_at"]
    assert users.get_me(mei, {})["name"] == "林梅"
    assert sign_in(users)


def test_once_nothing_is_open_the_account_tells_nothing_and_nobody_signs_in(users, mei, answer, open_work):
    users.add_address(mei, {**address(), "idempotency_key": "a"})
    request_it(users, mei)
    assert answer() == ["EraseBuyer", "ErasePayer", "EraseCouponHolder"]
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


def test_the_sessions_of_whoever_is_erased_have_ended(users, mei, answer):
    tokens = users.sign_in(NOBODY, {"email": "mei.lin@example.com", "password": PASSWORD})
    request_it(users, mei)
    answer()
    with pytest.raises(SessionOver):
        verify(tokens["access_token"])


def test_the_address_is_free_for_a_new_account(users, mei, answer):
    request_it(users, mei)
    answer()
    users.register(NOBODY, registration())
    assert sign_in(users).user_id != mei.user_id


def test_asked_again_while_it_waits_it_is_tried_at_once(users, mei, answer):
    request_it(users, mei)
    answer(EraseBuyer=refused)
    assert request_it(users, mei)["state"] == "running"
    assert request_it(users, mei)["state"] == "running"  # and begins no second try
    assert answer() == ["EraseBuyer", "ErasePayer", "EraseCouponHolder"]


def test_it_is_tried_again_when_it_has_waited_for_long_enough(users, mei, answer, open_work):
    request_it(users, mei)
    answer(EraseBuyer=refused)
    users.try_erasures_again()
    assert answer() == []
    with open_work() as work:
        later = text("UPDATE erasure SET next_check_at = next_check_at - :by")
        work.connection.execute(later, {"by": timedelta(hours=1, seconds=1)})
    users.try_erasures_again()
    assert answer() == ["EraseBuyer", "ErasePayer", "EraseCouponHolder"]


def test_the_owner_of_a_shop_waits_and_orders_is_not_asked(users, mei, operator, answer):
    shop = owned_shop(users, operator, mei)
    shown = request_it(users, mei)
    assert (shown["state"], shown["open"]) == ("waiting", [{"kind": "shop", "id": shop["shop_id"]}])
    assert answer() == []


def test_an_invitation_is_not_accepted_while_its_person_is_erased(users, mei, operator, answer):
    token = users.open_shop(operator, {"slug": "tea", "name": "茶", "owner_email": "mei.lin@example.com"})["token"]
    request_it(users, mei)
    with pytest.raises(ErasureRunning):
        users.accept_invitation(mei, {"token": token})


def test_an_invitation_to_the_address_of_whoever_is_erased_tells_it_no_more(users, mei, operator, answer):
    users.open_shop(operator, {"slug": "tea", "name": "茶", "owner_email": "Mei.Lin@example.com"})
    users.open_shop(operator, {"slug": "ink", "name": "墨", "owner_email": "tom@example.com"})
    request_it(users, mei)
    answer()
    emails = [shop["invitation"]["email"] for shop in users.list_all_shops(operator, {})["items"]]
    assert emails == ["", "tom@example.com"]


def test_it_is_withdrawn_only_while_it_waits(users, mei, answer):
    with pytest.raises(ErasureNotFound):
        users.withdraw_erasure(mei, {})
    request_it(users, mei)
    with pytest.raises(ErasureRunning):
        users.withdraw_erasure(mei, {})
    answer(EraseBuyer=refused)
    assert users.withdraw_erasure(mei, {})["state"] == "withdrawn"
    users.try_erasures_again()
    assert answer() == []
    assert sign_in(users)


def test_an_operator_asks_for_a_person_and_it_is_in_the_log_by_ids(users, mei, operator, answer, open_work):
    requested = {"user_id": str(mei.user_id), "note": "by letter"}
    assert users.erase_account(operator, requested)["state"] == "running"
    answer()
    assert users.get_account_erasure(operator, {"user_id": str(mei.user_id)})["state"] == "erased"
    with open_work() as work:
        (entry,) = logged(work, action="account.erase")
    assert (entry["actor"], entry["about"]) == (str(operator.user_id), f"account {mei.user_id}")


def test_a_restored_database_is_erased_again_by_the_list(users, mei, open_work):
    listed = [(mei.user_id, ERASED_AT)]
    assert replay(open_work, ERASER, listed) > 0
    with pytest.raises(CredentialsInvalid):
        sign_in(users)
    assert replay(open_work, ERASER, listed) == 0


class ErasesWhileVerifying:
    """Passwords, during whose verification the account is erased; all hashes count as dated."""

    def __init__(self, passwords, erase):
        self.passwords, self.erase = passwords, erase

    def matches(self, stored, password):
        right = self.passwords.matches(stored, password)
        self.erase()
        return right

    def is_dated(self, stored):
        return True

    def hash(self, password):
        return self.passwords.hash(password)


def test_nobody_signs_in_to_an_account_that_was_erased_during_the_verification(users, mei, open_work):
    erase = lambda: replay(open_work, ERASER, [(mei.user_id, ERASED_AT)])  # noqa: E731
    verifying = ErasesWhileVerifying(users.passwords, erase)
    with pytest.raises(CredentialsInvalid):
        sessions.sign_in(open_work, verifying, SignIn(email="mei.lin@example.com", password=PASSWORD))
    with open_work() as work:
        assert work.connection.execute(text("SELECT password_hash FROM account")).scalar_one() == ""
        assert list(work.sessions.running_of(mei.user_id)) == []


def test_an_erased_account_keeps_no_address_and_takes_no_shop(users, mei, operator, open_work):
    token = users.open_shop(operator, {"slug": "tea", "name": "茶", "owner_email": "mei.lin@example.com"})["token"]
    replay(open_work, ERASER, [(mei.user_id, ERASED_AT)])
    with pytest.raises(AccountNotFound):
        users.add_address(mei, {**address(), "idempotency_key": "a"})
    with pytest.raises(AccountNotFound):
        users.accept_invitation(mei, {"token": token})


def test_an_invitation_waits_for_a_change_of_the_erasure_that_is_under_way(
    users, mei, operator, answer, open_work
):
    token = users.open_shop(operator, {"slug": "tea", "name": "茶", "owner_email": "mei.lin@example.com"})["token"]
    request_it(users, mei)
    answer(EraseBuyer=refused)
    begin = "UPDATE erasure SET state = 'running', next_check_at = NULL"
    with pytest.raises(ErasureRunning):
        meet(open_work.engine, begin, lambda: users.accept_invitation(mei, {"token": token}))
