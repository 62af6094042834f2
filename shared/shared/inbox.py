"""The inbox: which messages a consumer has handled, stored in the transaction of their effect."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from shared.reading import fetch

REMEMBER = """
    INSERT INTO inbox (consumer, message_id)
    SELECT %(consumer)s, message_id FROM unnest(CAST(%(ids)s AS uuid[])) AS message_id
    ON CONFLICT DO NOTHING
    RETURNING CAST(message_id AS text)
"""


def remember(connection: Connection, consumer: str, ids: Iterable[UUID]) -> set[UUID]:
    """Mark the messages as handled and return those that were not.

    It waits for a concurrent transaction that handles one of them, so that only one of two copies takes effect.
    The ids are sorted, so that all transactions lock in the same order.
    """
    by_text = {str(one): one for one in ids}
    array = f"{{{','.join(sorted(by_text))}}}"  # quicker to parse than one constant for each id
    found = fetch(connection, REMEMBER, {"consumer": consumer, "ids": array})
    return {by_text[text] for (text,) in found}
