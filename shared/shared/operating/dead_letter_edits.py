"""Retrying a dead letter with an edited body: valid by its message's schema, about the same object, sent once.

The edited message keeps its id, so that it takes effect at most once, however the original fared meanwhile. The
dead letter keeps the original body.
"""

import hashlib
from typing import Any

from shared import message_encoding, operator_actions, outbox
from shared.contracts.operating.requests import RetryEditedDeadLetter
from shared.contracts.operating.views import DeadLetterDetail, DeadLetterState
from shared.delivery import RETRIED, Delivery, Unreadable, read_envelope
from shared.errors import Conflict
from shared.masking import Unmaskable, unmasked
from shared.messages import UnknownTopic
from shared.operating import dead_letters, log
from shared.operating.dead_letter_actions import DeadLetterClosed, DeadLetterUnreadable, check_age, close
from shared.operating.dead_letter_row import own_headers
from shared.shapes import Misshapen
from shared.work import Work

Json = dict[str, Any]
SUBJECT = "cloudEvents_subject"


class DeadLetterSubjectChanged(Conflict):
    """The edited message is about another object than the dead letter."""

    code = "dead_letter_subject_changed"


def retry_edited(work: Work, actor: str, request: RetryEditedDeadLetter) -> DeadLetterDetail:
    """Send an open dead letter to its queue with this body instead of its own.

    Raises DeadLetterNotFound, DeadLetterClosed, DeadLetterTooOld, DeadLetterUnreadable, DeadLetterSubjectChanged,
    Misshapen.
    """
    row = dead_letters.find(work, request.dead_letter_id, lock=True)
    if row["state"] != DeadLetterState.OPEN:
        raise DeadLetterClosed(state=row["state"])
    check_age(row)
    body = _edited(row, request.body)
    headers = {**own_headers(row["headers"]), RETRIED: row["retried"] + 1}
    _check(row, body, headers)
    work.send(outbox.again(row["message_id"], row["topic"], body, headers, row["queue"]))
    close(work, actor, [row], DeadLetterState.RETRIED)
    _note(work, actor, row, body, request.note)
    operator_actions.settle()
    return dead_letters.one(work, request.dead_letter_id)


def _edited(row: Any, given: str) -> str:
    """The body as it is sent: personal data that was masked in what the operator saw is that of the original."""
    try:
        edited = message_encoding.decode(given)
    except ValueError:
        raise Misshapen({"body": ["Not a valid JSON text."]}) from None
    if not isinstance(edited, dict):
        raise Misshapen({"body": ["Not a JSON object."]})
    try:
        return message_encoding.text(unmasked(edited, _original(row)))
    except Unmaskable:
        raise Misshapen({"body": ["A masked value has no counterpart in the original."]}) from None


def _original(row: Any) -> Any:
    try:
        return message_encoding.decode(bytes(row["body"]))
    except ValueError:
        return None


def _check(row: Any, body: str, headers: Json) -> None:
    """Raise unless the consumer can read the message, and it is about the same object."""
    try:
        message = message_encoding.message(row["topic"], body)
        read_envelope(Delivery(body.encode(), headers))
    except Misshapen as misshapen:
        raise Misshapen({"body": misshapen.errors}) from None
    except (UnknownTopic, Unreadable):
        raise DeadLetterUnreadable from None
    if headers.get(SUBJECT) not in {None, str(message.subject)}:
        raise DeadLetterSubjectChanged


def _note(work: Work, actor: str, row: Any, body: str, note: str) -> None:
    """Log what was changed by the names of the fields and by digests: the log has no values of messages."""
    before = {"state": row["state"], "topic": row["topic"], "exception": row["exception"]}
    after = {"state": DeadLetterState.RETRIED, "fields": _changed(row, body)}
    log.note(
        work,
        actor=actor,
        action="dead_letter.retry_edited",
        about=f"dead letter {row['dead_letter_id']}",
        note=note,
        before={**before, "body_sha256": _digest(bytes(row["body"]))},
        after={**after, "body_sha256": _digest(body.encode())},
    )


def _changed(row: Any, body: str) -> list[str]:
    """The names of the top-level fields that were changed, without their values."""
    before, after = _original(row), message_encoding.decode(body)
    before = before if isinstance(before, dict) else {}
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
