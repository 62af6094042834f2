"""Moves sagas: applies and stores the decisions of the core in the caller's transaction."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from shared.contracts.sagas.commands import SagaTimer
from shared.ids import new_id
from shared.messages import Envelope, Event, Message
from shared.sagas import locks, store
from shared.sagas.core import SagaActionNotAllowed
from shared.sagas.definition import Saga, State, Work
from shared.sagas.history import Cause
from shared.sagas.instance import Cancel, Input, Instance, Received, Resume, Skip, Status, TimerFired
from shared.sagas.overview import Overview, SagaNotFound
from shared.sagas.transaction import SagaTransaction

Delivery = tuple[Message, Envelope]


class Engine(Overview):
    """The sagas of a service. Every method works within the given transaction."""

    rows: ClassVar[Any] = store  # in PostgreSQL; the model tests replace it by one in memory
    queues: ClassVar[Any] = locks

    def __init__(self, *sagas: Saga) -> None:
        self.sagas = {saga.name: saga for saga in sagas}
        (self.timer,) = {saga.timer for saga in sagas}
        self._awaits = [(saga.name, step) for saga in sagas for step in saga.awaits]

    def start(self, work: Work, saga: Saga, key: object, state: State) -> UUID:
        """Start a saga and return its id; if one with this business key exists, return the id of that one.

        The saga waits while another one holds one of the resources that it locks.
        """
        new = Instance(saga_id=new_id(), key=str(key), state=state, version=saga.version)
        if self.rows.add(work.connection, saga, new, work.now) is None:
            return self._id_of(work, saga, key)
        with SagaTransaction(self, work) as transaction:
            transaction.admit(saga, new)
            if self.queues.take(work.connection, new.saga_id, saga.locks(state)):
                transaction.apply(new.saga_id, TimerFired(0))
        return new.saga_id

    def start_new(self, work: Work, saga: Saga, key: object, state: State) -> UUID:
        """Start a saga whose key and resources were made in this transaction, so that no other saga has them."""
        new = Instance(saga_id=new_id(), key=str(key), state=state, version=saga.version)
        with SagaTransaction(self, work) as transaction:
            transaction.admit(saga, new, is_stored=False)
            transaction.apply(new.saga_id, TimerFired(0))
        self.queues.hold(work.connection, new.saga_id, saga.locks(state))
        return new.saga_id

    def receive(self, work: Work, deliveries: Sequence[Delivery]) -> None:
        """Deliver answers, awaited events and timers to their sagas; messages for no saga are ignored."""
        with SagaTransaction(self, work) as transaction:
            transaction.load(self.rows.lock_receivers(work.connection, self._receivers(deliveries)))
            for message, envelope in deliveries:
                work.cause = envelope
                self._deliver(transaction, message, envelope)
            transaction.run_steps()

    def cancel(self, work: Work, saga: Saga, key: object, reason: str) -> bool:
        """Cancel a saga. Returns False past the pivot: its result must then be cancelled by other means.

        A saga that is being undone records the request, in case it turns forward again. Raises SagaNotFound.
        """
        saga_id = self.rows.id_of(work.connection, saga, str(key))
        if saga_id is None:
            raise SagaNotFound(key=str(key))
        return self._cancelled(work, saga_id, reason)

    def cancel_by_operator(self, work: Work, saga_id: UUID, actor: str, note: str) -> None:
        """Cancel a saga for an operator. Raises SagaActionNotAllowed past the pivot."""
        self._operate(work, saga_id, Cancel("cancelled_by_operator"), Cause(actor=actor, note=note))

    def resume(self, work: Work, saga_id: UUID, actor: str, note: str) -> None:
        """Send the current command of a saga again, for an operator. Raises SagaActionNotAllowed."""
        self._operate(work, saga_id, Resume(), Cause(actor=actor, note=note))

    def skip(self, work: Work, saga_id: UUID, actor: str, note: str) -> None:
        """Skip the current step, which an operator completed by other means. Raises SagaActionNotAllowed."""
        self._operate(work, saga_id, Skip(), Cause(actor=actor, note=note))

    def _operate(self, work: Work, saga_id: UUID, request: Input, cause: Cause) -> None:
        with SagaTransaction(self, work) as transaction:
            transaction.load(self.rows.lock(work.connection, [saga_id]))
            if saga_id not in transaction.open:
                raise SagaNotFound(saga_id=str(saga_id))
            transaction.apply(saga_id, request, cause)

    def _cancelled(self, work: Work, saga_id: UUID, reason: str) -> bool:
        with SagaTransaction(self, work) as transaction:
            transaction.load(self.rows.lock(work.connection, [saga_id]))
            try:
                transaction.apply(saga_id, Cancel(reason), Cause(actor="user", note=reason))
            except SagaActionNotAllowed:
                return False
            return transaction.open[saga_id].status is not Status.DONE

    def _id_of(self, work: Work, saga: Saga, key: object) -> UUID:
        earlier = self.rows.id_of(work.connection, saga, str(key))
        assert earlier
        return earlier

    def _receivers(self, deliveries: Sequence[Delivery]) -> store.Receivers:
        woken = [message.saga_id for message, _ in deliveries if isinstance(message, SagaTimer)]
        answers = [envelope.in_reply_to for _, envelope in deliveries if envelope.in_reply_to]
        keys = {pair for message, _ in deliveries for pair in self._keys(message)}
        return store.Receivers(answers=answers, keys=sorted(keys), woken=woken)

    def _keys(self, message: Message) -> Iterable[tuple[str, str]]:
        """The (saga name, business key) pairs that may await this message."""
        for name, step in self._awaits:
            if isinstance(message, step.events):
                yield name, str(step.key(message))

    def _deliver(self, transaction: SagaTransaction, message: Message, envelope: Envelope) -> None:
        cause = Cause(cause_id=envelope.message_id)
        if isinstance(message, SagaTimer):
            transaction.give(message.saga_id, TimerFired(message.attempt), cause)
        elif isinstance(message, Event):
            for saga_id in transaction.receivers(envelope.in_reply_to, set(self._keys(message))):
                transaction.give(saga_id, Received(message, envelope.in_reply_to), cause)
