"""Runs transactions concurrently: a lock blocks all of them until the last one has started."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, text

from shared.testing.waiting import eventually
from shared.work import OpenWork

T = TypeVar("T")
SESSIONS = text("SELECT wait_event_type FROM pg_stat_activity WHERE datname = current_database()")
WAITING = text("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")


def meet(engine: Engine, hold: str, *acts: Callable[[], T], **terms: Any) -> list[T]:
    """Run `acts` concurrently, none continuing before all have started; returns their results.

    `hold` is a statement whose locks block each of them, or block one that blocks the others.
    """
    with ThreadPoolExecutor(len(acts)) as pool:
        with engine.begin() as connection:
            connection.execute(text(hold), terms)
            started = [pool.submit(act) for act in acts]
            eventually(lambda: _waiting(connection) >= len(acts))
        return [act.result() for act in started]


def is_blocked(open_work: OpenWork[Any]) -> bool:
    """Whether a session of this database waits for a lock."""
    with open_work.engine.connect() as connection:
        return "Lock" in connection.execute(SESSIONS).scalars().all()


def _waiting(connection: Connection) -> int:
    return int(connection.execute(WAITING).scalar_one())
