"""What payments answers about ways to pay."""

from dataclasses import dataclass
from enum import StrEnum

from shared.contracts.payments.events import Method
from shared.contracts.payments.pay_actions import PayActionKind
from shared.contracts.texts import BilingualName


class Custody(StrEnum):
    """Who holds the shops' money until it is paid out: the platform, or the payment provider, shop by shop."""

    PLATFORM = "platform"
    PROVIDER = "provider"


class Collection(StrEnum):
    """When the money is taken: before the order is confirmed, in cash at delivery, or never."""

    PREPAID = "prepaid"
    AT_DELIVERY = "at_delivery"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class PaymentMethod:
    """A way to pay that a checkout may choose now, and which kind of pay action it leads to."""

    method: Method
    title: BilingualName
    action: PayActionKind


@dataclass(frozen=True, kw_only=True)
class PaymentMethodDetails(PaymentMethod):
    """A way to pay with its provider; `enabled` where the provider's settings are there.

    `refunds` and `partial_refunds`: whether the provider sends such money back, or a person has to;
    `notifications`: whether it reports by itself. One that is not `offered` is chosen by nobody.
    """

    provider: str
    custody: Custody
    collection: Collection
    enabled: bool
    offered: bool
    refunds: bool
    partial_refunds: bool
    notifications: bool
