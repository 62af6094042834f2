"""Transactions that really meet: all are held up at one place, and go on together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, text

from shared.testing.waiting import eventually

T = TypeVar("T")
WAITING = text("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")


def meet(engine: Engine, hold: str, *acts: Callable[[], T], **terms: Any) -> list[T]:
    """What each act came to, none of them having gone on before all had begun.

    `hold` is a statement whose locks are in the way of each, or of one that is in the way of the others.
    """
    with ThreadPoolExecutor(len(acts)) as pool:
        with engine.begin() as connection:
            connection.execute(text(hold), terms)
            begun = [pool.submit(action) for action in acts]
            eventually(lambda: _waiting(connection) >= len(acts))
        return [action.result() for action in begun]


def _waiting(connection: Connection) -> int:
    return int(connection.execute(WAITING).scalar_one())
