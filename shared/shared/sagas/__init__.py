"""Sagas: business processes over several services that end well or are undone (docs/sagas.md).

definition   what a saga is: a list of steps that checks itself when it is imported
core         what happens next, without I/O; moves: onward, back and forward again
engine       does it, in the caller's transaction; store, locks and history keep it
conversation tells a saga's story in a test
"""

from shared.sagas.definition import Ask, Await, BadSaga, Local, Saga, answers_to, heard_by
from shared.sagas.dependency import Sagas
from shared.sagas.engine import Engine

__all__ = ["Ask", "Await", "BadSaga", "Engine", "Local", "Saga", "Sagas", "answers_to", "heard_by"]
