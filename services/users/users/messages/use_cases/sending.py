"""SendMessage: the message is put into the inbox at once; the purpose decides when its mail is due."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared import observe, settings
from shared.contracts.users import SendMessage
from shared.delivery import Unrecoverable
from shared.ids import new_id
from shared.local_time import platform_zone
from shared.messages import Envelope
from shared.provider_calls.store import wanted
from shared.trace import Trace, following
from users.accounts.front import Account
from users.messages import metrics, templates
from users.messages.model import MailReason, MailState, Message, Preference, Purpose, mail_due
from users.work import Work

MAIL = "mail"  # the kind of the provider call
NONE: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message to be written; `trace` is that of the request for it, if it is not the current one."""

    message_id: UUID
    user_id: UUID
    template: str
    purpose: Purpose
    parameters: Mapping[str, str]
    trace: Trace | None = None


def handle(work: Work, commands: Sequence[tuple[SendMessage, Envelope]]) -> None:
    """Send the messages of these commands, each once per message_id.

    Raises Unrecoverable for an unknown template or unfit parameters, which no retry can fix.
    """
    send_all(work, [_draft(command, envelope) for command, envelope in commands])


def _draft(command: SendMessage, envelope: Envelope) -> Draft:
    parameters = {parameter.name: parameter.value for parameter in command.parameters}
    try:
        templates.check(command.template, parameters)
    except (templates.TemplateNotFound, templates.ParametersUnfit) as unfit:
        raise Unrecoverable(f"message {command.message_id}: {unfit}") from unfit
    return Draft(
        message_id=command.message_id,
        user_id=command.user_id,
        template=command.template,
        purpose=Purpose(command.purpose),
        parameters=parameters,
        trace=Trace(envelope.correlation_id, envelope.traceparent),
    )


def send(work: Work, user_id: UUID, template: str, purpose: Purpose, parameters: Mapping[str, str] = NONE) -> None:
    """Put a message into the inbox and request its mail. Raises TemplateNotFound, ParametersUnfit."""
    own = Draft(message_id=new_id(), user_id=user_id, template=template, purpose=purpose, parameters=parameters)
    send_all(work, [own])


def send_all(work: Work, drafts: Sequence[Draft]) -> None:
    """Put messages into the inbox and request their mail. A known message, or one to no account, changes nothing.

    Waits for the lock of an account that is being erased, so that nothing is written after the erasure.

    Raises TemplateNotFound, ParametersUnfit.
    """
    accounts = work.accounts.share_all(draft.user_id for draft in drafts)
    consents = work.preferences.of_all(each.user_id for each in drafts if each.purpose is Purpose.MARKETING)
    written: dict[UUID, tuple[Message, dict[str, Any]]] = {}
    for draft in drafts:
        with following(draft.trace) if draft.trace else nullcontext():
            account = accounts.get(draft.user_id)
            if account is None or account.is_erased:
                about = {"user_id": str(draft.user_id), "template": draft.template}
                observe.log.warning("message to an unknown or erased account", **about)
                continue
            message = _message(work, draft, account)
            plan_mail(work, message, consents.get(draft.user_id, Preference()))
            written.setdefault(draft.message_id, (message, _call(message)))
    new = work.messages.add([message for message, _ in written.values()])
    _request_mail(work, [written[message_id] for message_id in written if message_id in new])


def _message(work: Work, draft: Draft, account: Account) -> Message:
    written = templates.write(draft.template, account.language, draft.parameters, account.name)
    return Message(
        message_id=draft.message_id,
        user_id=draft.user_id,
        purpose=draft.purpose,
        template=draft.template,
        parameters=dict(draft.parameters),
        subject=written.subject,
        text=written.text,
        created_at=work.now,
    )


def plan_mail(work: Work, message: Message, consent: Preference) -> None:
    """Set when the message's mail is due, or why there is none."""
    message.mail_at = mail_due(message.purpose, consent, work.now, platform_zone())
    if message.mail_at is None:
        message.end_mail(MailReason.NO_CONSENT)
    elif not settings.text("SMTP_HOST", ""):
        message.mail_at = None
        message.end_mail(MailReason.MAIL_OFF)


def _call(message: Message) -> dict[str, Any]:
    """The call for its mail, in the current trace."""
    at, urgent = message.mail_at or message.created_at, message.is_urgent
    return wanted(MAIL, message.message_id, message.user_id, at=at, urgent=urgent)


def _request_mail(work: Work, messages: Sequence[tuple[Message, dict[str, Any]]]) -> None:
    work.calls.request_all([call for message, call in messages if message.mail_state is MailState.WAITING])
    for message, _ in messages:
        if message.mail_state is not MailState.WAITING:
            count(work, message.purpose, message.mail_state)


def count(work: Work, purpose: Purpose, outcome: MailState) -> None:
    """Count the outcome of a mail after the commit."""
    work.after_commit(metrics.mails.labels(purpose, outcome).inc)
