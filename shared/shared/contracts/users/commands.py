"""What users may be told to do."""

from dataclasses import dataclass

from shared.contracts.sagas.commands import SagaTimer


@dataclass(frozen=True, kw_only=True)
class WakeAccountSaga(SagaTimer, topic="users.wake_account_saga.v1", key="saga_id"):
    """A timer of a saga has run out; one of an earlier `attempt` is ignored."""
