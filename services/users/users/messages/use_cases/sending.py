"""SendMessage: the message is put into the inbox at once; the purpose decides when its mail is due."""

from collections.abc import Mapping
from uuid import UUID

from shared import observe, settings
from shared.contracts.users import SendMessage
from shared.delivery import Unrecoverable
from shared.ids import new_id
from shared.local_time import platform_zone
from users.messages import metrics, templates
from users.messages.model import MailReason, MailState, Message, Purpose, mail_due
from users.work import Work

MAIL = "mail"  # the kind of the provider call


def handle(work: Work, command: SendMessage) -> None:
    """Send the message of a command, once per message_id.

    Raises Unrecoverable for an unknown template or unfit parameters, which no retry can fix.
    """
    parameters = {parameter.name: parameter.value for parameter in command.parameters}
    try:
        templates.check(command.template, parameters)
    except (templates.TemplateNotFound, templates.ParametersUnfit) as unfit:
        raise Unrecoverable(f"message {command.message_id}: {unfit}") from unfit
    send(
        work,
        command.user_id,
        command.template,
        Purpose(command.purpose),
        parameters,
        message_id=command.message_id,
    )


def send(
    work: Work,
    user_id: UUID,
    template: str,
    purpose: Purpose,
    parameters: Mapping[str, str] | None = None,
    *,
    message_id: UUID | None = None,
) -> None:
    """Put a message into the inbox and request its mail. A known message, or one to no account, changes nothing.

    Waits for the lock of an account that is being erased, so that nothing is written after the erasure.

    Raises TemplateNotFound, ParametersUnfit.
    """
    account = work.accounts.share(user_id)
    if account is None or account.is_erased:
        observe.log.warning("message to an unknown or erased account", user_id=str(user_id), template=template)
        return
    written = templates.write(template, account.language, parameters or {}, account.name)
    message = Message(
        message_id=message_id or new_id(),
        user_id=user_id,
        purpose=purpose,
        template=template,
        parameters=dict(parameters or {}),
        subject=written.subject,
        text=written.text,
        created_at=work.now,
    )
    plan_mail(work, message)
    if work.messages.add(message):
        _request_mail(work, message)


def plan_mail(work: Work, message: Message) -> None:
    """Set when the message's mail is due, or why there is none."""
    message.mail_at = mail_due(message.purpose, work.preferences.of(message.user_id), work.now, platform_zone())
    if message.mail_at is None:
        message.end_mail(MailReason.NO_CONSENT)
    elif not settings.text("SMTP_HOST", ""):
        message.mail_at = None
        message.end_mail(MailReason.MAIL_OFF)


def _request_mail(work: Work, message: Message) -> None:
    if message.mail_state is MailState.WAITING:
        assert message.mail_at
        work.calls.request(MAIL, message.message_id, message.user_id, at=message.mail_at, urgent=message.is_urgent)
    else:
        count(work, message)


def count(work: Work, message: Message) -> None:
    """Count the outcome of a mail after the commit."""
    work.after_commit(metrics.mails.labels(message.purpose, message.mail_state).inc)
