"""The providers' notifications, which are stored and processed once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from payments.providers.front import ProviderPayment, ProviderRefund
from shared.errors import NotFound, Unauthenticated

Key = tuple[str, str]  # the provider, and its id of the notification
About = ProviderPayment | ProviderRefund | None


class Forged(Unauthenticated):
    """This notification is not from the provider, is too old, or is for another merchant."""

    code = "notification_forged"


class PaymentProviderNotFound(NotFound):
    """There is no payment provider of this name that sends notifications."""

    code = "payment_provider_not_found"


@dataclass(frozen=True)
class StoredNotification:
    """A stored notification that is not processed yet.

    `traceparent` is that of the request that brought it; `load` loads what it is about.
    """

    key: Key
    load: Callable[[], About]
    tries: int
    traceparent: str | None = None

    @cached_property
    def about(self) -> About:
        """What it is about; None if it could not be read when it came. Raises if it is stored in another form."""
        return self.load()
