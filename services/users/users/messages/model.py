"""The rules of messages: whether and when mail may be sent, and the outcome of a mail."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from shared.errors import NotFound

QUIET_FROM, QUIET_UNTIL = time(21), time(8)  # in the platform's time zone
GIVE_UP_AFTER = timedelta(hours=24)  # from the time a mail was first due


class Purpose(StrEnum):
    """Why a message is sent."""

    ORDER = "order"
    AFTER_SALE = "after_sale"
    ACCOUNT = "account"
    SECURITY = "security"
    MARKETING = "marketing"


class MailState(StrEnum):
    """The outcome of a message's mail."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


class MailReason(StrEnum):
    """Why a mail was not sent."""

    NO_CONSENT = "no_consent"
    MAIL_OFF = "mail_off"  # this installation sends no mail
    REFUSED = "refused"  # permanently, by the recipient's server or ours
    EXPIRED = "expired"  # no server accepted it for a day


class MessageNotFound(NotFound):
    """The caller has no such message."""

    code = "message_not_found"


@dataclass(kw_only=True)
class Message:
    """A message and the state of its mail; `mail_at` is when the mail was due, None if there is none."""

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
        """Whether its mail is sent before others."""
        return self.purpose is Purpose.SECURITY

    def is_given_up(self, now: datetime) -> bool:
        """Whether its mail is no longer retried."""
        return self.mail_at is not None and now >= self.mail_at + GIVE_UP_AFTER

    def end_mail(self, reason: MailReason) -> None:
        """Record why no mail is sent: failed, or suppressed if none was to be sent."""
        failed = reason in (MailReason.REFUSED, MailReason.EXPIRED)
        self.mail_state, self.mail_reason = (MailState.FAILED if failed else MailState.SUPPRESSED), reason


@dataclass(frozen=True, kw_only=True)
class Preference:
    """What a user has consented to."""

    marketing_mail: bool = False


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail to send: plain text to one address; a repeat has the same id."""

    message_id: UUID
    to: str
    subject: str
    text: str
    created_at: datetime


class Mailer(Protocol):
    """Sends mail. Raises ProviderRefused for a permanent refusal, ProviderSilent for errors to be retried."""

    def send(self, mail: Mail) -> None: ...


def mail_due(purpose: Purpose, preference: Preference, now: datetime, zone: tzinfo) -> datetime | None:
    """When a mail of this purpose may be sent: now, after the quiet hours, or None for never."""
    if purpose is not Purpose.MARKETING:
        return now
    return after_quiet_hours(now, zone) if preference.marketing_mail else None


def after_quiet_hours(now: datetime, zone: tzinfo) -> datetime:
    """`now`, or the end of the quiet hours that it falls into, in the zone of `now`."""
    local = now.astimezone(zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return now
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, zone).astimezone(now.tzinfo)
