"""Sends a message again to one service that has not handled it.

The copy has the same message id, so a service that has handled it meanwhile ignores it. The header RESENT
identifies the resend: a copy that fails becomes a separate dead letter, not a duplicate of an earlier one.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared import message_encoding, outbox
from shared.delivery import RESENT
from shared.ids import new_id
from shared.operating import log
from shared.work import Work

FIND = text("""
    SELECT topic, subject, body, headers, within, created_at, sent_at FROM outbox
    WHERE message_id = :message_id AND kind <> 'again' AND sent_at IS NOT NULL FOR UPDATE
""")
# A copy that was sent within the last minute may not have arrived yet.
PENDING = text("""
    SELECT EXISTS (
        SELECT FROM outbox WHERE message_id = :message_id AND queue = :queue AND kind = 'again'
        AND failed_at IS NULL AND (sent_at IS NULL OR sent_at > now() - interval '1 minute')
    )
""")


def resend(work: Work, source: str, message_id: UUID, to: str, actor: str) -> bool:
    """Send a message of `source` again to the service `to`; returns False if there is nothing to do."""
    sent = work.connection.execute(FIND, {"message_id": message_id}).mappings().one_or_none()
    if sent is None:
        return False
    queue = message_encoding.queue_name(to, sent["topic"])
    if work.connection.execute(PENDING, {"message_id": message_id, "queue": queue}).scalar_one():
        return False
    work.send(_copy(sent, source, message_id, queue))
    log.note(work, actor=actor, action="message.resend", about=f"message {message_id}", after={"queue": queue})
    return True


def _copy(sent: Any, source: str, message_id: UUID, queue: str) -> dict[str, Any]:
    """The outbox row of the copy, with the original time and deadline."""
    attributes = message_encoding.attributes(
        sent["topic"], message_id, source, sent["subject"], sent["created_at"]
    )
    over = {} if sent["within"] is None else {"not_after": _later(sent["sent_at"], sent["within"])}
    headers = {**attributes, **sent["headers"], **over, RESENT: str(new_id())}
    return outbox.again(message_id, sent["topic"], sent["body"], headers, queue)


def _later(timestamp: Any, milliseconds: int) -> str:
    return (timestamp + timedelta(milliseconds=milliseconds)).isoformat()
