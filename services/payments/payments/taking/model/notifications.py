"""The providers' notifications, which are stored and processed once."""

from dataclasses import dataclass

from payments.providers.front import ProviderPayment, ProviderRefund
from shared.errors import NotFound, Unauthenticated

Key = tuple[str, str]  # the provider, and its id of the notification


class Forged(Unauthenticated):
    """This notification is not from the provider, is too old, or is for another merchant."""

    code = "notification_forged"


class PaymentProviderNotFound(NotFound):
    """There is no payment provider of this name that sends notifications."""

    code = "payment_provider_not_found"


@dataclass(frozen=True)
class StoredNotification:
    """A stored notification that is not processed yet; `about` is None if it cannot be read.

    `traceparent` is that of the request that brought it.
    """

    key: Key
    about: ProviderPayment | ProviderRefund | None
    tries: int
    traceparent: str | None = None
