"""Locks of sagas on resources: one saga holds a resource, others wait for it in order of arrival.

A saga takes all its resources at its start and frees them at its end. A transaction that takes or frees a
resource holds its advisory lock until the end, so that the order of the rows is the order of the commits and no
wake-up is lost. This lock comes last in the lock order, after sagas and orders. So the next saga, which locks
orders, is woken by a message and not started here.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

import sqlalchemy as sa

from shared.round_trips import later
from shared.rows import append
from shared.sagas.instance import Status
from shared.sagas.tables import lock as locks
from shared.sagas.tables import saga as sagas

GUARD = sa.text("""
    SELECT pg_advisory_xact_lock(hashtextextended('saga ' || resource, 0))
    FROM (SELECT DISTINCT unnest(CAST(:resources AS text[])) AS resource ORDER BY 1) AS sorted""")


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
    held = sa.select(locks.c.resource).where(locks.c.saga_id.in_(saga_ids))
    resources = list(connection.execute(held).scalars()) if saga_ids else []
    if not resources:
        return []
    later(connection, GUARD, {"resources": resources})
    later(connection, sa.delete(locks).where(locks.c.saga_id.in_(saga_ids)))
    return _holders(connection, resources)


def _holders(connection: sa.Connection, resources: Collection[str]) -> list[UUID]:
    mine, other = locks.alias("mine"), locks.alias("other")
    earlier = sa.select(mine.c.saga_id).join(
        other, (other.c.resource == mine.c.resource) & (other.c.position < mine.c.position)
    )
    rows = sa.select(sagas.c.saga_id).join(locks, locks.c.saga_id == sagas.c.saga_id)
    rows = rows.where(locks.c.resource.in_(resources), sagas.c.status == Status.WAITING)
    rows = rows.where(~earlier.where(mine.c.saga_id == sagas.c.saga_id).exists())
    return sorted(set(connection.execute(rows).scalars()))
