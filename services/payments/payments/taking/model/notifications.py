"""What a provider reports: stored, and judged once."""

from dataclasses import dataclass

from payments.providers.front import ProviderPayment, ProviderRefund
from shared.errors import NotFound, Unauthenticated

Key = tuple[str, str]  # the provider, and its id of the report


class Forged(Unauthenticated):
    """This report does not come from the provider, is too old, or is meant for somebody else."""

    code = "notification_forged"


class PaymentProviderNotFound(NotFound):
    """No payment provider of this name reports here."""

    code = "payment_provider_not_found"


@dataclass(frozen=True)
class Report:
    """A stored report that is not judged yet; `about` is None for one that we cannot read."""

    key: Key
    about: ProviderPayment | ProviderRefund | None
    tries: int
