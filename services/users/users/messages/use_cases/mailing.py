"""The mail of a message: whether it may still go out is decided when it does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from shared.local_time import platform_zone
from shared.provider_calls.model import Call
from shared.provider_calls.outcomes import ProviderRefused, ProviderSilent
from shared.provider_calls.procedures import PreparedCall, Procedure, Procedures
from users.messages.model import Mail, Mailer, MailReason, MailState, Message, mail_due
from users.messages.use_cases.sending import MAIL, count
from users.work import Work

Answer = None | MailReason | datetime | ProviderRefused | ProviderSilent


def procedures(mailer: Mailer | None) -> Procedures:
    """How mail is sent by this mailer; without one every try fails."""
    mailing = Procedure(
        prepare=partial(prepare, mailer),
        settle=settle,
        first_pause=timedelta(seconds=10),
        longest_pause=timedelta(hours=1),
    )
    return {MAIL: mailing}


def prepare(mailer: Mailer | None, work: Work, call: Call) -> PreparedCall:
    """The mail of a message, to the address that its recipient has now."""
    message, account = work.messages.get(call.key), work.accounts.get(call.about)
    assert message
    assert account
    mail = Mail(
        message_id=message.message_id,
        to=account.email,
        subject=message.subject,
        text=message.text,
        created_at=message.created_at,
    )
    make = _instead(work, message) or (lambda: _send(mailer, mail))
    ids = {"jishi.message.id": str(message.message_id), "jishi.message.template": message.template}
    return PreparedCall(call=call, provider="mail", make=make, attributes=ids)


def _instead(work: Work, message: Message) -> Callable[[], Answer] | None:
    """What the call comes to without any mail: consent is gone, or it is night."""
    due = mail_due(message.purpose, work.preferences.of(message.user_id), work.now, platform_zone())
    if due is None:
        return lambda: MailReason.NO_CONSENT
    return (lambda: due) if due > work.now else None


def _send(mailer: Mailer | None, mail: Mail) -> None:
    if mailer is None:
        raise ProviderSilent("mail is off")
    mailer.send(mail)


def settle(work: Work, call: Call, answer: Answer) -> None:
    """Store what became of a mail, or have it tried again: for a day, then it has failed."""
    message = work.messages.lock(call.key)
    assert message
    if message.mail_state is not MailState.WAITING:  # settled by the same call, made twice
        work.calls.rest(call.key, MAIL)
        return
    again = _again(work, call, message, answer)
    if again:
        work.calls.postpone(call, again, str(answer) if isinstance(answer, Exception) else None)
    else:
        _end(work, message, answer)


def _again(work: Work, call: Call, message: Message, answer: Answer) -> datetime | None:
    """When to try again, if at all."""
    if isinstance(answer, datetime):
        message.mail_at = answer
        work.messages.save_mail(message)
        return answer
    retried = isinstance(answer, ProviderSilent) and not message.is_given_up(work.now)
    return work.now + call.pause() if retried else None


def _end(work: Work, message: Message, answer: Answer) -> None:
    if answer is None:
        message.mailed(work.now)
    elif isinstance(answer, MailReason):
        message.end_mail(answer)
    else:
        refused = isinstance(answer, ProviderRefused)
        message.end_mail(MailReason.REFUSED if refused else MailReason.EXPIRED)
    work.messages.save_mail(message)
    work.calls.rest(message.message_id, MAIL)
    count(work, message)
