"""Messages are put into the inbox at once; their mail is sent or suppressed, and its outcome is stored."""

import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from services.users.tests.builders import signed_in
from services.users.tests.post import given, offer, send_message
from shared.auth import ANONYMOUS
from shared.contracts.users import Purpose, Template
from shared.delivery import Unrecoverable
from shared.ids import new_id
from shared.personal.erasing import Eraser, Holding
from shared.testing import deliver, eventually
from users.accounts.tables import account
from users.erasing import ERASER
from users.messages.model import MessageNotFound
from users.service import UsersService

WAITING_FOR_LOCKS = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
EMAIL = "mei.lin@example.com"
NOON = datetime(2030, 7, 1, 4, tzinfo=UTC)  # in Shanghai
NIGHT, MORNING = NOON + timedelta(hours=10), NOON + timedelta(hours=20)


def subjects(server):
    return [str(mail["Subject"]) for _, _, mail, _ in server.mails]


def test_a_new_account_gets_a_welcome_message_in_its_language(users, post, server):
    caller = signed_in(users, language="en")
    post.send_mail()
    (message,) = users.list_messages(caller, {})["items"]
    assert (message["template"], message["subject"]) == ("welcome", "Welcome to Jishi")
    assert subjects(server) == ["Welcome to Jishi"]
    assert "林梅" in message["text"]


def test_a_message_is_in_the_inbox_at_once_and_its_mail_is_sent(users, post, shopper, server):
    command = post.send(shopper.user_id)
    (message, _welcome) = users.list_messages(shopper, {})["items"]
    assert message["message_id"] == str(command.message_id)
    assert message["subject"] == "订单 2607-4F7K-2Q9D 已确认"
    assert (message["parameters"], message["mail"]) == (given(command), "waiting")
    post.send_mail()
    ((_, to, mail, _),) = server.mails
    assert (to, mail["Subject"]) == ([EMAIL], message["subject"])
    assert post.mail(command) == ("sent", None)


def test_the_same_command_twice_is_one_message_and_one_mail(users, post, shopper, server):
    command = post.send(shopper.user_id)
    deliver(UsersService, post.open_work, command)  # in another envelope, as a sender repeats it
    post.send_mail()
    deliver(UsersService, post.open_work, command)
    post.later(days=2)
    assert len(server.mails) == 1
    assert len(users.list_messages(shopper, {})["items"]) == 2


def test_a_mail_whose_worker_died_is_sent_again_with_the_same_message_id(post, shopper, server):
    post.send(shopper.user_id)
    (claimed,) = post.worker.claim(post.open_work, 10)
    claimed.make()
    post.later(minutes=5)
    assert len({mail["Message-ID"] for _, _, mail, _ in server.mails}) == 1
    assert len(server.mails) == 2


def test_a_mail_that_is_settled_twice_keeps_its_first_outcome(post, shopper, server):
    command = post.send(shopper.user_id)
    (claimed,) = post.worker.claim(post.open_work, 10)
    post.later(minutes=5)
    server.refuse("RCPT", "550 no")
    post.worker.carry_out(post.open_work, claimed)
    assert post.mail(command) == ("sent", None)


def test_a_mail_that_was_refused_is_not_recorded_as_sent_by_a_late_answer(post, shopper, server):
    command = post.send(shopper.user_id)
    (claimed,) = post.worker.claim(post.open_work, 10)
    server.refuse("RCPT", "550 no")
    post.later(minutes=5)
    server.refusals.clear()
    post.worker.carry_out(post.open_work, claimed)
    assert post.mail(command) == ("failed", "refused")


def test_a_permanently_refused_mail_has_failed_and_is_not_retried(users, post, shopper, server):
    server.refuse("RCPT", "550 5.1.1 unknown")
    command = post.send(shopper.user_id)
    post.send_mail()
    assert post.mail(command) == ("failed", "refused")
    server.refusals.clear()
    post.later(days=1)
    assert server.mails == []
    assert users.list_messages(shopper, {})["items"][0]["mail"] == "failed"


def test_a_mail_is_retried_until_a_server_accepts_it(post, shopper, server):
    server.refuse("DATA", "451 not now")
    command = post.send(shopper.user_id)
    post.send_mail()
    post.later(minutes=1)
    assert post.mail(command) == ("waiting", None)
    server.refusals.clear()
    post.later(hours=1)
    assert post.mail(command) == ("sent", None)
    assert len(server.mails) == 1


def test_a_mail_that_no_server_accepts_for_a_day_has_failed(post, shopper, server):
    server.refuse("RCPT", "450 later")
    command = post.send(shopper.user_id)
    for _ in range(26):
        assert post.mail(command)[0] == "waiting" or post.ahead >= timedelta(hours=24)
        post.later(hours=1)
    assert post.mail(command) == ("failed", "expired")


def test_a_dropped_connection_loses_no_mail(post, shopper, server):
    server.drops.add("DATA")
    command = post.send(shopper.user_id)
    post.send_mail()
    assert post.mail(command) == ("waiting", None)
    server.drops.clear()
    post.later(minutes=1)
    assert post.mail(command) == ("sent", None)


def test_mail_is_sent_to_the_present_address_of_the_account(post, shopper, server):
    post.send(shopper.user_id)
    with post.open_work() as work:
        work.connection.execute(account.update().values(email="mei@elsewhere.example"))
    post.send_mail()
    assert server.mails[0][1] == ["mei@elsewhere.example"]


def test_an_offer_is_mailed_only_with_consent(users, post, shopper, server):
    post.at = NOON
    command = post.send(shopper.user_id, **offer())
    post.send_mail()
    assert post.mail(command) == ("suppressed", "no_consent")
    assert users.list_messages(shopper, {})["items"][0]["subject"] == "夏季特惠"
    users.change_message_preferences(shopper, {"marketing_mail": True, "language": "zh"})
    post.send(shopper.user_id, **offer())
    post.send_mail()
    assert subjects(server) == ["夏季特惠"]


def test_an_offer_waits_until_the_quiet_hours_end(users, post, shopper, server):
    users.change_message_preferences(shopper, {"marketing_mail": True, "language": "zh"})
    post.at = NIGHT
    command, about_an_order = post.send(shopper.user_id, **offer()), post.send(shopper.user_id)
    post.send_mail()
    assert (post.mail(command)[0], post.mail(about_an_order)[0]) == ("waiting", "sent")
    post.at = MORNING - timedelta(minutes=1)
    post.send_mail()
    assert len(server.mails) == 1
    post.at = MORNING
    post.send_mail()
    assert post.mail(command)[0] == "sent"


def test_an_offer_whose_consent_is_withdrawn_in_quiet_hours_is_not_mailed(users, post, shopper, server):
    users.change_message_preferences(shopper, {"marketing_mail": True, "language": "zh"})
    post.at = NIGHT
    command = post.send(shopper.user_id, **offer())
    users.change_message_preferences(shopper, {"marketing_mail": False, "language": "zh"})
    post.at = MORNING
    post.send_mail()
    assert post.mail(command) == ("suppressed", "no_consent")
    assert server.mails == []


def test_an_offer_that_failed_in_the_evening_is_retried_in_the_morning(users, post, shopper, server):
    users.change_message_preferences(shopper, {"marketing_mail": True, "language": "zh"})
    post.at = NIGHT - timedelta(hours=1, seconds=5)  # five seconds before 21:00
    server.refuse("RCPT", "450 later")
    command = post.send(shopper.user_id, **offer())
    post.send_mail()
    server.refusals.clear()
    post.later(minutes=10)
    assert server.mails == []
    post.later(hours=11)
    assert post.mail(command)[0] == "sent"


def test_an_offer_that_no_server_accepts_has_failed_after_a_day_despite_quiet_hours(users, post, shopper, server):
    users.change_message_preferences(shopper, {"marketing_mail": True, "language": "zh"})
    server.refuse("RCPT", "450 later")
    post.at = NOON
    command = post.send(shopper.user_id, **offer())
    for _ in range(60):
        post.later(hours=1)
    assert post.mail(command) == ("failed", "expired")


@pytest.mark.parametrize("is_claimed", [False, True], ids=["waiting", "claimed"])
def test_the_mail_of_an_erased_user_does_not_block_others(users, post, shopper, server, is_claimed):
    post.send(shopper.user_id)
    claimed = post.worker.claim(post.open_work, 10) if is_claimed else []
    with post.open_work() as work:
        ERASER.erase(work, shopper.user_id)
    for prepared in claimed:
        post.worker.carry_out(post.open_work, prepared)
    server.mails.clear()
    command = post.send(signed_in(users, email="tom@example.com").user_id)
    post.later(minutes=10)
    assert post.mail(command) == ("sent", None)
    assert [to for _, to, _, _ in server.mails] == [["tom@example.com"]] * 2  # the welcome message and the order


def test_no_mail_is_prepared_for_a_message_whose_account_was_just_erased(post, shopper):
    post.send(shopper.user_id)
    only_the_account = Eraser(Holding(table=account, of=lambda user_id: account.c.user_id == user_id))
    with post.open_work() as work:
        only_the_account.erase(work, shopper.user_id)
    assert post.worker.claim(post.open_work, 10) == []


def test_no_message_is_stored_for_an_erased_user(post, shopper, server):
    with post.open_work() as work:
        ERASER.erase(work, shopper.user_id)
    command = post.send(shopper.user_id)
    post.send_mail()
    assert post.row(command) is None


def test_a_message_sent_during_the_erasure_is_not_stored(post, shopper):
    command = send_message(shopper.user_id)
    with post.open_work() as erasing:
        ERASER.erase(erasing, shopper.user_id)
        writing = threading.Thread(target=deliver, args=(UsersService, post.open_work, command))
        writing.start()
        eventually(lambda: erasing.connection.scalar(WAITING_FOR_LOCKS) > 0)
    writing.join()
    assert post.row(command) is None


def test_security_mail_is_sent_first(post, shopper, server):
    for _ in range(3):
        post.send(shopper.user_id)
    post.send(shopper.user_id, template=Template.SESSION_ENDED, purpose=Purpose.SECURITY, parameters={})
    (first,) = post.worker.claim(post.open_work, 1)
    post.worker.carry_out(post.open_work, first)
    assert subjects(server) == ["安全提醒：有一处登录被退出了"]


def test_reuse_of_a_refresh_token_sends_a_security_message(users, post, shopper, server):
    tokens = users.sign_in(ANONYMOUS, {"email": EMAIL, "password": "crunchy armchair"})
    following = users.refresh(ANONYMOUS, {"refresh_token": tokens["refresh_token"]})
    users.refresh(ANONYMOUS, {"refresh_token": following["refresh_token"]})
    with pytest.raises(Exception, match="refresh token"):
        users.refresh(ANONYMOUS, {"refresh_token": tokens["refresh_token"]})
    (message, _) = users.list_messages(shopper, {})["items"]
    assert (message["template"], message["purpose"]) == ("session_ended", "security")


def test_without_a_mail_server_messages_are_only_in_the_inbox(users, post, shopper, server, monkeypatch):
    monkeypatch.delenv("SMTP_HOST")
    command = post.send(shopper.user_id)
    post.later(days=1)
    assert post.mail(command) == ("suppressed", "mail_off")
    assert len(users.list_messages(shopper, {})["items"]) == 2
    assert server.mails == []


def test_a_process_without_a_mail_server_logs_a_warning(monkeypatch):
    monkeypatch.delenv("SMTP_HOST", raising=False)
    with capture_logs() as logs:
        UsersService.mail_worker.setup()
    assert [entry["log_level"] for entry in logs if "SMTP_HOST" in entry["event"]] == ["warning"]


def test_a_message_to_an_unknown_account_changes_nothing(post, server):
    command = post.send(new_id())
    post.send_mail()
    assert post.row(command) is None
    assert server.mails == []


@pytest.mark.parametrize(
    "parameters", [{}, {"order_id": "1", "order_number": "x\nBcc: all@example.com", "total": "1"}]
)
def test_unfit_parameters_become_a_dead_letter(post, shopper, parameters):
    with pytest.raises(Unrecoverable) as unfit:
        post.send(shopper.user_id, parameters=parameters)
    assert "Bcc" not in str(unfit.value)


def test_no_log_entry_contains_the_recipient(users, post, shopper, server, caplog):
    server.refuse("RCPT", f"550 5.1.1 <{EMAIL}> 林梅 is unknown")
    with capture_logs() as logs, caplog.at_level(logging.DEBUG):
        post.send(shopper.user_id)
        post.send_mail()
    assert logs
    stdlib = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.")]
    assert not [line for line in [*map(str, logs), *stdlib] if EMAIL in line or "林梅" in line]


def test_the_inbox_is_read_page_by_page_newest_first(users, post, shopper):
    sent = [post.send(shopper.user_id).message_id for _ in range(5)]
    seen, cursor = [], None
    while True:
        page = users.list_messages(shopper, {"limit": 2, "cursor": cursor})
        seen += [message["message_id"] for message in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen[:5] == [str(message_id) for message_id in reversed(sent)]
    assert len(seen) == len(set(seen)) == 6
    assert page["unread"] == 5


def test_messages_are_read_one_by_one_or_all_at_once(users, post, shopper):
    first, second = post.send(shopper.user_id), post.send(shopper.user_id)
    read = users.read_message(shopper, {"message_id": str(first.message_id)})
    again = users.read_message(shopper, {"message_id": str(first.message_id)})
    assert read["read_at"] == again["read_at"] is not None
    assert users.list_messages(shopper, {})["unread"] == 1
    users.read_all_messages(shopper, {})
    assert users.list_messages(shopper, {})["unread"] == 0
    assert post.row(second)["read_at"] is not None


def test_messages_of_another_account_cannot_be_seen_or_read(users, post, shopper):
    command = post.send(shopper.user_id)
    other = signed_in(users, email="lan@example.com", name="兰")
    users.read_all_messages(other, {})
    assert [m["template"] for m in users.list_messages(other, {})["items"]] == ["welcome"]
    assert users.list_messages(other, {"cursor": str(command.message_id)})["items"] == []
    with pytest.raises(MessageNotFound):
        users.read_message(other, {"message_id": str(command.message_id)})
    assert post.row(command)["read_at"] is None


def test_consent_is_off_by_default_and_preferences_decide_the_language(users, post, shopper):
    assert users.get_message_preferences(shopper, {}) == {"marketing_mail": False, "language": "zh"}
    wanted = {"marketing_mail": True, "language": "en"}
    assert users.change_message_preferences(shopper, wanted) == wanted
    assert users.get_message_preferences(shopper, {}) == wanted
    post.send(shopper.user_id)
    assert users.list_messages(shopper, {})["items"][0]["subject"] == "Order 2607-4F7K-2Q9D is confirmed"


def test_a_repeated_message_keeps_its_first_parameters(users, post, shopper):
    command = post.send(shopper.user_id)
    deliver(UsersService, post.open_work, send_message(shopper.user_id, message_id=command.message_id, parameters={
        **given(command), "order_number": "another"}))  # fmt: skip
    assert users.list_messages(shopper, {})["items"][0]["parameters"] == given(command)
