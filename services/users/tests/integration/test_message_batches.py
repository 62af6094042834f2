"""Messages whose commands arrive together, and mails that are settled together."""

import pytest

from services.users.tests.builders import signed_in
from services.users.tests.post import send_message
from shared.delivery import Unrecoverable
from shared.ids import new_id
from shared.provider_calls.outcomes import ProviderRefused
from shared.testing import deliver, envelope
from users.messages.use_cases import mailing
from users.service import UsersService

EMAIL = "mei.lin@example.com"


def test_commands_of_one_batch_are_separate_messages(users, post, shopper, server):
    english = signed_in(users, email="tom@example.com", language="en").user_id
    post.send_mail()
    server.mails.clear()
    to_mei, to_tom = send_message(shopper.user_id), send_message(english)
    deliver(UsersService, post.open_work, to_mei, to_tom, to_mei, send_message(new_id()))
    post.send_mail()
    assert sorted((to, str(mail["Subject"])) for _, [to], mail, _ in server.mails) == [
        (EMAIL, "订单 2607-4F7K-2Q9D 已确认"),
        ("tom@example.com", "Order 2607-4F7K-2Q9D is confirmed"),
    ]
    assert [post.mail(command) for command in (to_mei, to_tom)] == [("sent", None)] * 2


def test_each_command_of_a_batch_keeps_the_trace_of_its_request(post, shopper):
    sealed = [envelope(send_message(shopper.user_id)) for _ in range(3)]
    deliver(UsersService, post.open_work, *sealed)
    with post.open_work() as work:
        calls = {call["key"]: call["correlation_id"] for call in work.calls.about(shopper.user_id)}
    assert {each.body.message_id: each.correlation_id for each in sealed}.items() <= calls.items()


def test_an_unfit_command_does_not_keep_the_others_of_its_batch_from_their_message(post, shopper):
    unfit, fit = send_message(shopper.user_id, parameters={}), send_message(shopper.user_id)
    with pytest.raises(Unrecoverable):
        deliver(UsersService, post.open_work, fit, unfit)
    assert (post.row(unfit), post.mail(fit)) == (None, ("waiting", None))


def test_a_refused_mail_does_not_change_the_outcome_of_the_others(users, post, shopper, server):
    gone = signed_in(users, email="gone@example.com").user_id
    post.send_mail()
    commands = [send_message(user_id) for user_id in (shopper.user_id, gone, shopper.user_id)]
    deliver(UsersService, post.open_work, *commands)
    calls = {prepared.call.key: prepared.call for prepared in post.worker.claim(post.open_work, 10)}
    answers = [None, ProviderRefused("smtp_550"), None]
    with post.open_work() as work:
        mailing.settle(
            work, [(calls[each.message_id], answer) for each, answer in zip(commands, answers, strict=True)]
        )
    assert [post.mail(each) for each in commands] == [("sent", None), ("failed", "refused"), ("sent", None)]
    assert post.worker.claim(post.open_work, 10) == []
