"""The rules of messages: who may be written to by mail, and when; what becomes of a mail."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from shared.errors import NotFound

QUIET_FROM, QUIET_UNTIL = time(21), time(8)  # of the platform's day
GIVE_UP_AFTER = timedelta(hours=24)  # from when a mail was first due


class Purpose(StrEnum):
    """Why a person is written to."""

    ORDER = "order"
    AFTER_SALE = "after_sale"
    ACCOUNT = "account"
    SECURITY = "security"
    MARKETING = "marketing"


class MailState(StrEnum):
    """What became of a message as mail."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


class MailReason(StrEnum):
    """Why a mail was not sent."""

    NO_CONSENT = "no_consent"
    MAIL_OFF = "mail_off"  # this installation sends none
    REFUSED = "refused"  # for good, by the recipient's server or ours
    EXPIRED = "expired"  # nobody took it for a day


class MessageNotFound(NotFound):
    """The caller has no such message."""

    code = "message_not_found"


@dataclass(kw_only=True)
class Message:
    """What a person was told, and what became of it as mail; `mail_at` is when that was due, if it was."""

    message_id: UUID
    user_id: UUID
    purpose: Purpose
    template: str
    parameters: dict[str, str]
    subject: str
    text: str
    created_at: datetime
    read_at: datetime | None = None
    mail_state: MailState = MailState.WAITING
    mail_reason: MailReason | None = None
    mail_at: datetime | None = None
    mailed_at: datetime | None = None

    @property
    def is_urgent(self) -> bool:
        """Whether its mail goes before that of others."""
        return self.purpose is Purpose.SECURITY

    def is_given_up(self, now: datetime) -> bool:
        """Whether its mail has been tried for long enough."""
        return self.mail_at is not None and now >= self.mail_at + GIVE_UP_AFTER

    def mailed(self, now: datetime) -> None:
        """A server has taken the mail."""
        self.mail_state, self.mailed_at = MailState.SENT, now

    def end_mail(self, reason: MailReason) -> None:
        """No mail goes out: failed, or suppressed where none was to be sent."""
        failed = reason in (MailReason.REFUSED, MailReason.EXPIRED)
        self.mail_state, self.mail_reason = (MailState.FAILED if failed else MailState.SUPPRESSED), reason


@dataclass(frozen=True, kw_only=True)
class Preference:
    """What a person has consented to."""

    marketing_mail: bool = False


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail as it goes out: plain text to one address; a repeat has the same id."""

    message_id: UUID
    to: str
    subject: str
    text: str
    created_at: datetime


class Mailer(Protocol):
    """Sends mail. Raises ProviderRefused for a final no, ProviderSilent for what may be tried again."""

    def send(self, mail: Mail) -> None: ...


def mail_due(purpose: Purpose, preference: Preference, now: datetime, zone: tzinfo) -> datetime | None:
    """When a mail of this purpose may go out: now, after the quiet hours, or never."""
    if purpose is not Purpose.MARKETING:
        return now
    return after_quiet_hours(now, zone) if preference.marketing_mail else None


def after_quiet_hours(now: datetime, zone: tzinfo) -> datetime:
    """This time, or the end of the quiet hours that it falls into, in `now`'s own zone."""
    local = now.astimezone(zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return now
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, zone).astimezone(now.tzinfo)
