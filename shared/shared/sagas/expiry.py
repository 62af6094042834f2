"""Deadlines of commands: sagas whose command was not answered in time go on without the answer.

No message is sent for a deadline: nearly all commands are answered long before it. The time of a command starts
when the relay marks it as sent, after the broker's confirm, and is measured by the database's clock. A command
that is not sent yet, or can never be sent, has no deadline.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from shared import messages, observe
from shared.db_failures import is_outage
from shared.messages import Envelope
from shared.sagas.engine import Engine
from shared.sagas.instance import TimerFired
from shared.sagas.store import Found
from shared.sagas.transaction import SagaTransaction
from shared.work import OpenWork, Work

MOST = 100  # sagas in one transaction
FIRST = UUID(int=0)
# Few sagas await an answer, and they are found by an index, however many have ended. A stuck saga still awaits its
# last answer, but no time moves it. Locked sagas are skipped: another transaction moves them. The command of each
# is looked up by its id: OFFSET 0 keeps PostgreSQL from reading the whole outbox instead.
LOCK_LATE = text("""
    WITH late AS MATERIALIZED (
        SELECT saga.saga_id, command.message_id, command.headers
        FROM saga CROSS JOIN LATERAL (
            SELECT message_id, headers, sent_at, within FROM outbox
            WHERE message_id = saga.awaiting AND kind = 'command' OFFSET 0
        ) AS command
        WHERE saga.awaiting IS NOT NULL AND saga.saga_id > :after
          AND command.sent_at + command.within * interval '1 millisecond' <= now()
    )
    SELECT saga.*, late.headers
    FROM late JOIN saga ON saga.saga_id = late.saga_id AND saga.awaiting = late.message_id
    WHERE saga.status IN ('running', 'undoing')
    ORDER BY saga.saga_id LIMIT :most FOR UPDATE OF saga SKIP LOCKED
""")


def expire(open_work: OpenWork[Any], engine: Engine) -> None:
    """Let the deadlines fire that have passed. Several processes may do so at once.

    A saga that raises is logged, counted, and tried again in the next round; it does not stop the others.
    """
    after: UUID | None = FIRST
    while after is not None:
        after = _some(open_work, engine, after, MOST)


def _some(open_work: OpenWork[Any], engine: Engine, after: UUID, most: int) -> UUID | None:
    """Handle at most `most` sagas with ids after `after` in one transaction; if it fails, one by one.

    Returns the last id, or None if no more are late.
    """
    late: Sequence[Any] = ()
    try:
        with open_work() as work:
            late = _lock(work.connection, after, most)
            if late:
                _fire(engine, work, late)
    except Exception as failure:
        if not late or is_outage(failure):
            raise
        if most > 1:
            return _one_by_one(open_work, engine, after, len(late))
        observe.loop_failures.labels("expire_saga_commands").inc()
        observe.log.error("deadline failed", saga_id=str(late[0]["saga_id"]), exc_info=failure)
    return late[-1]["saga_id"] if len(late) == most else None


def _one_by_one(open_work: OpenWork[Any], engine: Engine, after: UUID, count: int) -> UUID | None:
    last: UUID | None = after
    for _ in range(count):
        last = None if last is None else _some(open_work, engine, last, 1)
    return last


def _lock(connection: Connection, after: UUID, most: int) -> Sequence[Any]:
    return connection.execute(LOCK_LATE, {"after": after, "most": most}).mappings().all()


def _fire(engine: Engine, work: Work, late: Sequence[Any]) -> None:
    with SagaTransaction(engine, work) as transaction:
        transaction.load(Found(row["name"], row) for row in late)
        for row in late:
            work.cause = _unanswered(engine, row)
            transaction.apply(row["saga_id"], TimerFired(row["attempt"]))


def _unanswered(engine: Engine, row: Any) -> Envelope:
    """What follows continues the trace of the command, which is its cause."""
    timer = engine.timer(saga_id=row["saga_id"], attempt=row["attempt"])
    return Envelope(
        body=timer,
        source=messages.owner(timer.topic),
        message_id=row["awaiting"],
        correlation_id=UUID(row["headers"]["correlation_id"]),
        traceparent=row["headers"].get("traceparent"),
    )
