"""The declaration of a payment provider; use cases depend on nothing else of it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from payments.providers.interface import Provider
from shared.contracts.payments.pay_actions import PayActionKind
from shared.contracts.texts import BilingualName
from shared.money import Money


class Custody(StrEnum):
    """Who holds the shops' money until it is paid out to them."""

    PLATFORM = "platform"  # the platform does, and pays it out
    PROVIDER = "provider"  # the provider does, for each shop, and pays it out when the platform releases it


class Collection(StrEnum):
    """When the money of a payment is taken."""

    PREPAID = "prepaid"  # by the provider, before the order is confirmed
    AT_DELIVERY = "at_delivery"  # in cash, by the carrier
    NOTHING = "nothing"  # there is nothing to pay


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a provider can do. Operators do by hand what it cannot, such as refunds."""

    refunds: bool = True
    partial_refunds: bool = True
    notifications: bool = True  # if false, payments are only queried

    def can_refund(self, amount: Money, whole: Money) -> bool:
        """Whether it can refund this amount of the amount paid."""
        return self.refunds and (self.partial_refunds or amount == whole)


@dataclass(frozen=True, kw_only=True)
class ServedMethod:
    """A payment method: its name in the API, its title for shoppers, and its kind of pay action.

    Shoppers cannot choose one that is not `offered`.
    """

    name: str
    title: BilingualName
    action: PayActionKind
    offered: bool = True


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """The response that a provider expects once its notification is stored."""

    media_type: str = "application/json"
    body: str = "{}"


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """A payment provider. Its name is that of its folder, its ledger accounts and the path of its notifications.

    `connect` returns its adapter, or None if its settings are missing: then it is disabled. One without calls has
    no `connect` and is always enabled.
    """

    name: str
    methods: tuple[ServedMethod, ...]
    custody: Custody
    collection: Collection
    capabilities: Capabilities
    acknowledgement: Acknowledgement = Acknowledgement()
    connect: Callable[[], Provider | None] | None = None
