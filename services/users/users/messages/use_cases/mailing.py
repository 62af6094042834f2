"""The mail of a message: whether it may still go out is decided when it does."""

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
    """How mail is sent by this mailer; without one every try fails."""
    mailing = Procedure(
        prepare=partial(prepare, mailer),
        settle=settle,
        first_pause=timedelta(seconds=10),
        longest_pause=timedelta(hours=1),
    )
    return {MAIL: mailing}


def prepare(mailer: Mailer | None, work: Work, call: Call) -> PreparedCall | None:
    """The mail of a message, to the address that its recipient has now; None when none goes out now."""
    message, account = work.messages.get(call.key), work.accounts.get(call.about)
    if message is None or account is None:  # the person was erased
        work.calls.rest(call.key, MAIL)
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
    """Whether a mail may go out now; at night it waits for the morning, and without consent it never goes out."""
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
    """Store what became of a mail, or have it tried again: for a day, then it has failed."""
    message = work.messages.lock(call.key)
    # erased since; or settled by the same call, made twice
    if message is None or message.mail_state is not MailState.WAITING:
        work.calls.rest(call.key, MAIL)
        return
    again = _again(work, call, message, answer)
    if again:
        work.calls.postpone(call, again, str(answer) if isinstance(answer, Exception) else None)
    else:
        _end(work, message, answer)


def _again(work: Work, call: Call, message: Message, answer: Answer) -> datetime | None:
    """When to try again, if at all."""
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
