"""Money that an operator moves outside of the system, with a proof."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from payments.ledger.front import BANK, LOSSES, Account, provider_clearing
from shared.errors import Conflict, NotFound
from shared.money import Money


class PaidFrom(StrEnum):
    """The account from which an operator paid (or to which money returned)."""

    BANK = "bank"
    PROVIDER = "provider"  # by hand, in the provider's merchant platform
    WRITTEN_OFF = "written_off"  # an unidentified refund is not recovered; the platform bears it


class NotProposed(NotFound):
    """There is no proposal to settle this by hand."""

    code = "settlement_not_found"


class ProofUsed(Conflict):
    """This number of the provider belongs to a refund that payments made, or to another settlement."""

    code = "proof_used"


class ProposalChanged(Conflict):
    """The proposal has changed since it was read: check it again."""

    code = "settlement_changed"


class NeedsAnother(Conflict):
    """This amount needs the confirmation of a second operator."""

    code = "second_operator_required"


@dataclass(eq=False, kw_only=True)
class ManualSettlement:
    """An operator's statement that the money of `about` (a refund or unidentified money) was moved by hand."""

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
        """The account on which the money moved, if it had been received through this provider."""
        if self.paid_from is PaidFrom.PROVIDER:
            return provider_clearing(provider)
        return BANK if self.paid_from is PaidFrom.BANK else LOSSES

    def one_operator_suffices(self, single_operator_limit: int) -> bool:
        """Whether one operator is enough, up to this amount in minor units."""
        return self.amount.amount <= single_operator_limit

    def confirm(self, actor: str, now: datetime, *, single_operator_limit: int) -> None:
        """Confirm it. Raises NeedsAnother if the amount needs another operator than the one who proposed it."""
        if actor == self.proposed_by and not self.one_operator_suffices(single_operator_limit):
            raise NeedsAnother(amount=self.amount.amount)
        self.confirmed_by, self.confirmed_at = actor, now
