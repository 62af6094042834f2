"""What orders may be told to do."""

from dataclasses import dataclass

from shared.contracts.erasure import EraseData
from shared.contracts.orders.events import BuyerErased, ErasureRefused
from shared.contracts.sagas.commands import SagaTimer


@dataclass(frozen=True, kw_only=True)
class WakeSaga(SagaTimer, topic="orders.wake_saga.v1", key="saga_id"):
    """A timer of a saga has run out; one of an earlier `attempt` is ignored."""


@dataclass(frozen=True, kw_only=True)
class EraseBuyer(
    EraseData, topic="orders.erase_buyer.v1", key="user_id", yes=(BuyerErased,), no=(ErasureRefused,)
):
    """Erase what is held of a person who has nothing open, and take no more orders. Refused: nothing is erased."""
