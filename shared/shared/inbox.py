"""The inbox: which messages a consumer has handled, stored in the transaction of their effect."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, text

REMEMBER = text("""
    INSERT INTO inbox (consumer, message_id)
    SELECT :consumer, message_id FROM unnest(CAST(:ids AS uuid[])) AS message_id
    ON CONFLICT DO NOTHING
    RETURNING message_id
""")


def remember(connection: Connection, consumer: str, ids: Iterable[UUID]) -> set[UUID]:
    """Mark the messages as handled and return those that were not.

    It waits for a concurrent transaction that handles one of them, so that only one of two copies takes effect.
    The ids are sorted, so that all transactions lock in the same order.
    """
    found = connection.execute(REMEMBER, {"consumer": consumer, "ids": [str(i) for i in sorted(set(ids))]})
    return set(found.scalars())
