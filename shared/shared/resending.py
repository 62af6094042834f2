"""Sending a message once more, to the one service that never handled it.

The copy has the same id, so a service that has handled it after all takes no notice. It says which sending it
is: should it fail as one did before, that is another dead letter, and not a copy of one that was seen to.
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
# A copy that left a moment ago may not have arrived yet.
UNDER_WAY = text("""
    SELECT EXISTS (
        SELECT FROM outbox WHERE message_id = :message_id AND queue = :queue AND kind = 'again'
        AND failed_at IS NULL AND (sent_at IS NULL OR sent_at > now() - interval '1 minute')
    )
""")


def resend(work: Work, source: str, message_id: UUID, to: str, actor: str) -> bool:
    """Have a message that `source` sent leave once more, for the service `to`; False: nothing to do."""
    sent = work.connection.execute(FIND, {"message_id": message_id}).mappings().one_or_none()
    if sent is None:
        return False
    queue = message_encoding.queue_name(to, sent["topic"])
    if work.connection.execute(UNDER_WAY, {"message_id": message_id, "queue": queue}).scalar_one():
        return False
    work.send(_copy(sent, source, message_id, queue))
    log.note(work, actor=actor, action="message.resend", about=f"message {message_id}", after={"queue": queue})
    return True


def _copy(sent: Any, source: str, message_id: UUID, queue: str) -> dict[str, Any]:
    """The row as it was, under its first date, with the deadline that it had."""
    attributes = message_encoding.attributes(
        sent["topic"], message_id, source, sent["subject"], sent["created_at"]
    )
    over = {} if sent["within"] is None else {"not_after": _later(sent["sent_at"], sent["within"])}
    headers = {**attributes, **sent["headers"], **over, RESENT: str(new_id())}
    return outbox.again(message_id, sent["topic"], sent["body"], headers, queue)


def _later(timestamp: Any, milliseconds: int) -> str:
    return (timestamp + timedelta(milliseconds=milliseconds)).isoformat()
