"""Sagas: business processes over several services that end well or are undone (docs/sagas.md).

definition   what a saga is: a list of steps that checks itself when it is imported
core         what happens next, without I/O; moves: onward, back and forward again
engine       does it, in the caller's transaction; store, locks and history keep it
messages     the handler of what a service's sagas wait for
work         starts and cancels them in a use case, by name
conversation tells a saga's story in a test
"""

from shared.sagas.definition import Await, BadSaga, Call, Local, Saga, answers_to, consumed_by
from shared.sagas.dependency import Sagas
from shared.sagas.engine import Engine
from shared.sagas.work import SagaWork

__all__ = ["Await", "BadSaga", "Call", "Engine", "Local", "Saga", "SagaWork", "Sagas", "answers_to", "consumed_by"]
