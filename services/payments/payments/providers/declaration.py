"""What a payment provider declares of itself: all that use cases go by, whichever provider it is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from payments.providers.interface import Provider
from shared.contracts.payments.pay_actions import PayActionKind
from shared.contracts.texts import BilingualName
from shared.money import Money


class Custody(StrEnum):
    """Who holds the shops' money until it is paid out to them."""

    PLATFORM = "platform"  # we do, and pay it out
    PROVIDER = "provider"  # the provider does, per shop, and splits it when we release it


class Collection(StrEnum):
    """When the money of a payment is taken."""

    PREPAID = "prepaid"  # by the provider, before the order is confirmed
    AT_DELIVERY = "at_delivery"  # in cash, at the door
    NOTHING = "nothing"  # there is nothing to pay


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a provider can do. What it cannot do, persons do: pay refunds by hand, for example."""

    refunds: bool = True
    partial_refunds: bool = True
    notifications: bool = True  # without them a payment is only queried

    def can_refund(self, amount: Money, whole: Money) -> bool:
        """Whether it can send back so much of what was paid."""
        return self.refunds and (self.partial_refunds or amount == whole)


@dataclass(frozen=True, kw_only=True)
class ServedMethod:
    """A way to pay: its name in the API, what shoppers read, and which kind of pay action it leads to.

    One that is not `offered` is chosen by nobody.
    """

    name: str
    title: BilingualName
    action: PayActionKind
    offered: bool = True


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """What a provider wants to read once its notification is stored."""

    media_type: str = "application/json"
    body: str = "{}"


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """A payment provider. Its name is that of its folder, of its ledger accounts and of its notifications' path.

    `connect` returns its adapter by the settings, or None where they are missing: then it serves nothing here. One
    that calls nobody has no `connect` and is always there.
    """

    name: str
    methods: tuple[ServedMethod, ...]
    custody: Custody
    collection: Collection
    capabilities: Capabilities
    acknowledgement: Acknowledgement = Acknowledgement()
    connect: Callable[[], Provider | None] | None = None
