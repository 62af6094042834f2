"""Finds payments by any of their numbers. Each part reads an index, and at most MOST payments are found."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

MOST = 20
# In the order in which a number is attributed, if it is found in several ways.
WAYS = {
    "payment": "SELECT payment_id FROM payments WHERE payment_id = :id",
    "checkout": "SELECT payment_id FROM payments WHERE checkout_id = :id",
    "order": "SELECT payment_id FROM payment_parts WHERE order_id = :id",
    "attempt": "SELECT payment_id FROM attempts WHERE attempt_id = :id",
    "transaction": "SELECT payment_id FROM captures WHERE transaction_id = :number",
    "refund": """
        SELECT payment_id FROM refunds WHERE refund_id = :id
        UNION SELECT payment_id FROM refund_attempts JOIN refunds USING (refund_id) WHERE attempt_id = :id
        UNION SELECT payment_id FROM refund_attempts JOIN refunds USING (refund_id) WHERE provider_number = :number
    """,
}
PARTS = " UNION ALL ".join(
    f"SELECT {place} AS place, '{way}' AS found_by, payment_id FROM ({query}) AS {way}_number"  # noqa: S608 - constants
    for place, (way, query) in enumerate(WAYS.items())
)
FIND = text(f"""
    WITH found AS (
        SELECT DISTINCT ON (payment_id) payment_id, found_by FROM ({PARTS}) AS any_way ORDER BY payment_id, place
    )
    SELECT found.found_by, payments.*,
        ARRAY(SELECT order_id FROM payment_parts AS part
              WHERE part.payment_id = payments.payment_id ORDER BY order_id) AS order_ids
    FROM found JOIN payments USING (payment_id) ORDER BY created_at DESC, payment_id LIMIT {MOST}
""")  # noqa: S608 - constants
NOTIFICATIONS = text("""
    SELECT event_id, provider, kind, received_at, tries, process_at, outcome FROM provider_notifications
    WHERE about IS NOT NULL AND left(about ->> 'out_trade_no', 64) = ANY(
        SELECT replace(CAST(attempt_id AS text), '-', '') FROM attempts WHERE payment_id = :payment_id)
    ORDER BY received_at, event_id LIMIT 100
""")


def payments(connection: Connection, number: str) -> Sequence[Any]:
    """The rows of the payments with this number, each with `found_by` and `order_ids`, the newest first."""
    terms = {"id": _identity(number), "number": number}
    return connection.execute(FIND, terms).mappings().all()


def notifications(connection: Connection, payment_id: UUID) -> Sequence[Any]:
    """The rows of the provider's notifications about a payment and its refunds, the oldest first."""
    return connection.execute(NOTIFICATIONS, {"payment_id": payment_id}).mappings().all()


def _identity(number: str) -> UUID | None:
    """The id that is written so, with or without hyphens."""
    try:
        return UUID(number)
    except ValueError:
        return None
