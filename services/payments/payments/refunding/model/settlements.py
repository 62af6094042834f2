"""Money that a person moves outside of the system, and proves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from payments.ledger.front import BANK, LOSSES, Account, provider_clearing
from shared.errors import Conflict, NotFound
from shared.money import Money


class PaidFrom(StrEnum):
    """From where a person sent the money (or to where it came back)."""

    BANK = "bank"
    PROVIDER = "provider"  # by hand, in the provider's merchant platform
    WRITTEN_OFF = "written_off"  # from nowhere: an unexplained refund stays away, and the platform bears it


class NotProposed(NotFound):
    """Nobody has proposed to settle this by hand."""

    code = "settlement_not_found"


class ProofUsed(Conflict):
    """This number of the provider's stands for a refund that we made, or that was settled by hand with it."""

    code = "proof_used"


class ProposalChanged(Conflict):
    """What is confirmed is not what is proposed now: look at it again."""

    code = "settlement_changed"


class NeedsAnother(Conflict):
    """So much money needs a second operator, who confirms what the first one did."""

    code = "second_operator_required"


@dataclass(eq=False, kw_only=True)
class ManualSettlement:
    """Who says that the money of `about` (a refund, or unidentified money) was moved by hand, and the proof."""

    about: UUID
    amount: Money
    paid_from: PaidFrom
    proof: str
    note: str
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None

    def account(self, provider: str) -> Account:
        """The account on which the money moved, of what came in through this provider."""
        if self.paid_from is PaidFrom.PROVIDER:
            return provider_clearing(provider)
        return BANK if self.paid_from is PaidFrom.BANK else LOSSES

    def counts_alone(self, alone_up_to: int) -> bool:
        """Whether one person is enough for so much money (minor units)."""
        return self.amount.amount <= alone_up_to

    def confirm(self, actor: str, now: datetime, *, alone_up_to: int) -> None:
        """Let it count. Raises NeedsAnother if that needs another person than who proposed it."""
        if actor == self.proposed_by and not self.counts_alone(alone_up_to):
            raise NeedsAnother(amount=self.amount.amount)
        self.confirmed_by, self.confirmed_at = actor, now
