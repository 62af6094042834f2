"""The commands that orders handles."""

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
    """Erase a person's data and accept no more orders. Refused, with nothing erased, while something is open."""
