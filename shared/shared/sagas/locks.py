"""Locks of sagas on resources: one saga holds a resource, others wait for it in order of arrival.

A saga takes all its resources at its start and frees them at its end. A transaction that takes or frees a
resource holds its advisory lock until the end, so that the order of the rows is the order of the commits and no
wake-up is lost. This lock comes last in the lock order, after sagas and orders. So the next saga, which locks
orders, is woken by a message and not started here.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

import sqlalchemy as sa

from shared.reading import fetch, send_before
from shared.round_trips import later
from shared.rows import append
from shared.sagas.tables import lock as locks

GUARD = sa.text("""
    SELECT pg_advisory_xact_lock(hashtextextended('saga ' || resource, 0))
    FROM (SELECT DISTINCT unnest(CAST(:resources AS text[])) AS resource ORDER BY 1) AS sorted""")

GUARD_OF_SAGAS = """
    SELECT pg_advisory_xact_lock(hashtextextended('saga ' || resource, 0)) FROM (
        SELECT DISTINCT resource FROM saga_lock WHERE saga_id = ANY(%(ended)s) ORDER BY 1
    ) AS sorted"""
# Its SELECT still sees the deleted rows, so it leaves them out.
FREE = """
    WITH freed AS (DELETE FROM saga_lock WHERE saga_id = ANY(%(ended)s) RETURNING resource)
    SELECT DISTINCT saga.saga_id
    FROM freed JOIN saga_lock AS wanted USING (resource) JOIN saga USING (saga_id)
    WHERE saga.status = 'waiting' AND saga.saga_id <> ALL(%(ended)s) AND NOT EXISTS (
        SELECT FROM saga_lock AS mine JOIN saga_lock AS earlier USING (resource)
        WHERE mine.saga_id = saga.saga_id AND earlier.position < mine.position
          AND earlier.saga_id <> ALL(%(ended)s))
    ORDER BY saga.saga_id"""


def take(connection: sa.Connection, saga_id: UUID, resources: Iterable[str]) -> bool:
    """Queue for the resources; True when the saga holds all of them."""
    wanted = sorted(set(resources))
    if not wanted:
        return True
    later(connection, GUARD, {"resources": wanted})
    later(connection, sa.insert(locks), [{"resource": resource, "saga_id": saga_id} for resource in wanted])
    others = sa.select(sa.literal(1)).where(locks.c.resource.in_(wanted), locks.c.saga_id != saga_id)
    return connection.execute(others.limit(1)).first() is None


def hold(connection: sa.Connection, saga_id: UUID, resources: Iterable[str]) -> None:
    """Let a saga hold resources that were made in this transaction, which no other saga can want yet."""
    append(connection, locks, [{"resource": each, "saga_id": saga_id} for each in sorted(set(resources))])


def free(connection: sa.Connection, saga_ids: Collection[UUID]) -> list[UUID]:
    """Free what these sagas hold or wait for. Returns the waiting sagas that now hold all their resources."""
    if not saga_ids:
        return []
    ended = {"ended": list(saga_ids)}
    send_before(connection, GUARD_OF_SAGAS, ended)
    return [saga_id for (saga_id,) in fetch(connection, FREE, ended)]
