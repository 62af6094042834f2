"""Sending the mail of messages; whether one may be sent is decided at the time of sending."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from shared.local_time import platform_zone
from shared.provider_calls.model import Call
from shared.provider_calls.outcomes import ProviderRefused, ProviderSilent
from shared.provider_calls.procedures import PreparedCall, Procedure, Procedures
from users.accounts.front import Account
from users.credentials.front import new_link
from users.messages import templates
from users.messages.model import (
    Mail,
    Mailer,
    MailReason,
    MailState,
    Message,
    Preference,
    Purpose,
    mail_due,
)
from users.messages.use_cases.sending import MAIL, count
from users.work import Work

Answer = None | MailReason | ProviderRefused | ProviderSilent


def procedures(mailer: Mailer | None) -> Procedures:
    """The provider call procedures for this mailer; without a mailer every attempt fails."""
    mailing = Procedure(
        prepare=partial(prepare, mailer),
        settle=settle,
        together=True,
        first_pause=timedelta(seconds=10),
        longest_pause=timedelta(hours=1),
    )
    return {MAIL: mailing}


def prepare(mailer: Mailer | None, work: Work, calls: Sequence[Call]) -> list[PreparedCall]:
    """The calls for those mails that are sent now, to the present addresses of the accounts."""
    messages = work.messages.get_all(call.key for call in calls)
    accounts = work.accounts.get_all(call.about for call in calls)
    offers = (each.user_id for each in messages.values() if each.purpose is Purpose.MARKETING)
    consents, ready = work.preferences.of_all(offers), []
    for call in calls:
        message, account = messages.get(call.key), accounts.get(call.about)
        if message is None or account is None or account.is_erased:  # the user was erased
            work.calls.finish(call.key, MAIL)
        elif _may_go_out(work, call, message, consents.get(message.user_id, Preference())):
            ready.append(_prepared(mailer, call, message, account, _text(work, message, account)))
    return ready


def _text(work: Work, message: Message, account: Account) -> str:
    """The text of a mail: that of its message, and a new link if its template has one."""
    if not templates.has_link(message.template):
        return message.text
    link = new_link(work, account.user_id)
    return f"{message.text}\n\n{templates.with_link(message.template, account.language, link)}"


def _prepared(mailer: Mailer | None, call: Call, message: Message, account: Account, text: str) -> PreparedCall:
    mail = Mail(
        message_id=message.message_id,
        to=account.email,
        subject=message.subject,
        text=text,
        created_at=message.created_at,
    )
    ids = {"jishi.message.id": str(message.message_id), "jishi.message.template": message.template}
    return PreparedCall(call=call, provider="mail", make=lambda: _send(mailer, mail), attributes=ids)


def _may_go_out(work: Work, call: Call, message: Message, consent: Preference) -> bool:
    """Whether the mail may be sent now; in quiet hours it is postponed, without consent it is suppressed."""
    due = mail_due(message.purpose, consent, work.now, platform_zone())
    if due is None:
        _settle_unsent(work, call, MailReason.NO_CONSENT)
    elif due > work.now:
        work.calls.postpone(call, due)
    return due is not None and due <= work.now


def _send(mailer: Mailer | None, mail: Mail) -> None:
    if mailer is None:
        raise ProviderSilent("mail is off")
    mailer.send(mail)


def settle(work: Work, answers: Sequence[tuple[Call, Answer]]) -> None:
    """Store the outcomes of mails, or schedule retries; after a day a mail has failed."""
    sent = [call.key for call, answer in answers if answer is None]
    if sent:
        for purpose in work.messages.mailed(sent, work.now):
            count(work, purpose, MailState.SENT)
        work.calls.finish_all(sent, MAIL)
    for call, answer in answers:
        if answer is not None:
            _settle_unsent(work, call, answer)


def _settle_unsent(work: Work, call: Call, answer: MailReason | ProviderRefused | ProviderSilent) -> None:
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


def _end(work: Work, message: Message, answer: MailReason | ProviderRefused | ProviderSilent) -> None:
    if isinstance(answer, MailReason):
        message.end_mail(answer)
    else:
        refused = isinstance(answer, ProviderRefused)
        message.end_mail(MailReason.REFUSED if refused else MailReason.EXPIRED)
    work.messages.save_mail(message)
    work.calls.finish(message.message_id, MAIL)
    count(work, message.purpose, message.mail_state)
