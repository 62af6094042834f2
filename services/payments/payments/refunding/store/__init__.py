"""Mapping between the rows and the model of refunding."""

from payments.refunding.store.attempts import RefundAttempts
from payments.refunding.store.attention import Attention
from payments.refunding.store.refunds import Refunds
from payments.refunding.store.settlements import Settlements

__all__ = ["Attention", "RefundAttempts", "Refunds", "Settlements"]
