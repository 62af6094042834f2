"""Sagas: business processes over several services that complete or are undone (docs/sagas.md).

definition   the list of steps of a saga, validated at import
core         decides the next transition without I/O; transitions: onward, undo and forward again
engine       applies transitions in the caller's transaction; store, locks and history persist them
messages     the handler of the messages that a service's sagas wait for
expiry       the deadlines of commands
work         starts and cancels sagas by name in a use case
conversation drives a saga in a test, without broker and database
"""

from shared.sagas.definition import Await, BadSaga, Call, Local, Saga, answers_to, consumed_by
from shared.sagas.dependency import Sagas
from shared.sagas.engine import Engine
from shared.sagas.work import SagaWork

__all__ = ["Await", "BadSaga", "Call", "Engine", "Local", "Saga", "SagaWork", "Sagas", "answers_to", "consumed_by"]
