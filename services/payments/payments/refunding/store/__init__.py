"""Mapping between the rows and the model of refunding."""

from payments.refunding.store.attempts import RefundAttempts
from payments.refunding.store.refunds import Refunds
from payments.refunding.store.settlements import Settlements
from payments.refunding.store.stalled import StalledRefunds

__all__ = ["RefundAttempts", "Refunds", "Settlements", "StalledRefunds"]
