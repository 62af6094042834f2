"""Sending the mail of a message; whether it may be sent is decided at the time of sending."""

from datetime import datetime, timedelta
from functools import partial

from shared.local_time import platform_zone
from shared.provider_calls.model import Call
from shared.provider_calls.outcomes import ProviderRefused, ProviderSilent
from shared.provider_calls.procedures import PreparedCall, Procedure, Procedures
from users.messages.model import Mail, Mailer, MailReason, MailState, Message, mail_due
from users.messages.use_cases.sending import MAIL, count
from users.work import Work

Answer = None | MailReason | ProviderRefused | ProviderSilent


def procedures(mailer: Mailer | None) -> Procedures:
    """The provider call procedures for this mailer; without a mailer every attempt fails."""
    mailing = Procedure(
        prepare=partial(prepare, mailer),
        settle=settle,
        first_pause=timedelta(seconds=10),
        longest_pause=timedelta(hours=1),
    )
    return {MAIL: mailing}


def prepare(mailer: Mailer | None, work: Work, call: Call) -> PreparedCall | None:
    """The call for a message's mail, to the present address of the account; None if none is sent now."""
    message, account = work.messages.get(call.key), work.accounts.get(call.about)
    if message is None or account is None or account.is_erased:  # the user was erased
        work.calls.finish(call.key, MAIL)
        return None
    if not _may_go_out(work, call, message):
        return None
    mail = Mail(
        message_id=message.message_id,
        to=account.email,
        subject=message.subject,
        text=message.text,
        created_at=message.created_at,
    )
    ids = {"jishi.message.id": str(message.message_id), "jishi.message.template": message.template}
    return PreparedCall(call=call, provider="mail", make=lambda: _send(mailer, mail), attributes=ids)


def _may_go_out(work: Work, call: Call, message: Message) -> bool:
    """Whether the mail may be sent now; in quiet hours it is postponed, without consent it is suppressed."""
    due = mail_due(message.purpose, work.preferences.of(message.user_id), work.now, platform_zone())
    if due is None:
        settle(work, call, MailReason.NO_CONSENT)
    elif due > work.now:
        work.calls.postpone(call, due)
    return due is not None and due <= work.now


def _send(mailer: Mailer | None, mail: Mail) -> None:
    if mailer is None:
        raise ProviderSilent("mail is off")
    mailer.send(mail)


def settle(work: Work, call: Call, answer: Answer) -> None:
    """Store the outcome of a mail, or schedule a retry; after a day it has failed."""
    message = work.messages.lock(call.key)
    # erased meanwhile, or the same call was made and settled twice
    if message is None or message.mail_state is not MailState.WAITING:
        work.calls.finish(call.key, MAIL)
        return
    retry_at = _retry_at(work, call, message, answer)
    if retry_at:
        work.calls.postpone(call, retry_at, str(answer) if isinstance(answer, Exception) else None)
    else:
        _end(work, message, answer)


def _retry_at(work: Work, call: Call, message: Message, answer: Answer) -> datetime | None:
    """When to retry; None if the mail is not retried."""
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
    work.calls.finish(message.message_id, MAIL)
    count(work, message)
