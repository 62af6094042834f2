"""The rows of refunding as its model's objects, and back."""

from payments.refunding.store.attempts import RefundAttempts
from payments.refunding.store.needy import Needy
from payments.refunding.store.refunds import Refunds
from payments.refunding.store.settlements import Settlements

__all__ = ["Needy", "RefundAttempts", "Refunds", "Settlements"]
