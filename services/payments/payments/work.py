"""One transaction of payments."""

from functools import cached_property

from payments.ledger.store import LedgerAccounts
from payments.providers.registry import Registry
from payments.providers.store import Calls
from payments.refunding.store import RefundAttempts, Refunds, Settlements, StalledRefunds
from payments.taking.store import Captures, Notifications, Payments, Unanswered, UnidentifiedMoney
from shared.provider_calls.work import CallsWork


class Work(CallsWork):
    """The payments, captures, refunds and ledger within one transaction; `providers` is the service's registry."""

    providers: Registry

    @cached_property
    def payments(self) -> Payments:
        return Payments(self.connection)

    @cached_property
    def captures(self) -> Captures:
        return Captures(self.connection)

    @cached_property
    def refunds(self) -> Refunds:
        return Refunds(self.connection)

    @cached_property
    def refund_attempts(self) -> RefundAttempts:
        return RefundAttempts(self.connection)

    @cached_property
    def stalled_refunds(self) -> StalledRefunds:
        return StalledRefunds(self.connection)

    @cached_property
    def settlements(self) -> Settlements:
        return Settlements(self.connection)

    @cached_property
    def unidentified(self) -> UnidentifiedMoney:
        return UnidentifiedMoney(self.connection)

    @cached_property
    def calls(self) -> Calls:
        return Calls(self.connection)

    @cached_property
    def unanswered(self) -> Unanswered:
        return Unanswered(self.connection)

    @cached_property
    def notifications(self) -> Notifications:
        return Notifications(self.connection)

    @cached_property
    def ledger(self) -> LedgerAccounts:
        return LedgerAccounts(self.connection)

    def flush(self) -> bool:
        """Write the outbox and the ledger, last before the commit; returns what the base class returns."""
        urgent = super().flush()
        self.ledger.close(self.now)
        return urgent
