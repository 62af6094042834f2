"""The commands that users handles."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.contracts.sagas.commands import SagaTimer
from shared.messages import Command


class Purpose(StrEnum):
    """The purpose of a message, which decides consent, channels, quiet hours and priority."""

    ORDER = "order"
    AFTER_SALE = "after_sale"
    ACCOUNT = "account"
    SECURITY = "security"
    MARKETING = "marketing"


class Template(StrEnum):
    """A message template; the parameters of each are in `users/messages/templates.toml`."""

    WELCOME = "welcome"
    SESSION_ENDED = "session_ended"
    PASSWORD_RECOVERY = "password_recovery"  # noqa: S105 - a template's name
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a template's name
    ORDER_CONFIRMED = "order_confirmed"
    ORDER_SHIPPED = "order_shipped"
    ORDER_CANCELLED = "order_cancelled"
    REFUND_ARRIVED = "refund_arrived"
    OFFER = "offer"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A value for a placeholder of a template."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class SendMessage(Command, topic="users.send_message.v1", key="user_id"):
    """Send a message to a person, once for each message_id; there is no reply.

    The parameters are ids, numbers and amounts, never personal data: users knows the recipient.
    """

    message_id: UUID
    user_id: UUID
    template: Template
    purpose: Purpose
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WakeAccountSaga(SagaTimer, topic="users.wake_account_saga.v1", key="saga_id"):
    """A timer of a saga has run out; one of an earlier `attempt` is ignored."""
