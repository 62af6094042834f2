"""The answers of payments about payment methods."""

from dataclasses import dataclass
from enum import StrEnum

from shared.contracts.payments.codes import Method
from shared.contracts.payments.pay_actions import PayActionKind
from shared.contracts.texts import BilingualName


class Custody(StrEnum):
    """Who holds the shops' money until it is paid out: the platform, or the payment provider, shop by shop."""

    PLATFORM = "platform"
    PROVIDER = "provider"


class Collection(StrEnum):
    """When the money is collected: before the order is confirmed, in cash on delivery, or never."""

    PREPAID = "prepaid"
    AT_DELIVERY = "at_delivery"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class PaymentMethod:
    """A payment method that can be chosen now, and the kind of its pay action."""

    method: Method
    title: BilingualName
    action: PayActionKind


@dataclass(frozen=True, kw_only=True)
class PaymentMethodDetails(PaymentMethod):
    """A payment method with its provider; `enabled` if the provider is configured.

    `refunds` and `partial_refunds`: whether the provider supports them, or an operator must send the money;
    `notifications`: whether the provider sends notifications. One that is not `offered` cannot be chosen.
    """

    provider: str
    custody: Custody
    collection: Collection
    enabled: bool
    offered: bool
    refunds: bool
    partial_refunds: bool
    notifications: bool
