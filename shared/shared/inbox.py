"""The inbox: which messages a consumer has handled, kept in the transaction of their effect."""

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
    """Note the messages as handled and return those that were not yet.

    Another transaction that is handling one of them is waited for, so that of two copies at the same
    moment one has an effect. The ids are sorted: everyone takes the locks in one order.
    """
    found = connection.execute(REMEMBER, {"consumer": consumer, "ids": [str(i) for i in sorted(set(ids))]})
    return set(found.scalars())
