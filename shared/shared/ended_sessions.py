"""Sessions that have ended: every process of a service reads them from a stream on the broker.

A queue would deliver each message to only one process of a service. A stream delivers all messages to each of
them, including those published while the process was down. It is read from before the oldest token that may be
valid.
"""

import json
from typing import Any
from uuid import UUID

from shared import auth, observe
from shared.topology import ENDED_SESSIONS

SINCE = "20m"  # longer than a token is valid
WINDOW = 100  # unacknowledged messages


class EndedSessions:
    """Reads the stream on a channel of its own; a member of the service's link."""

    def opened(self, channel: Any) -> None:
        channel.auto_decode = False
        channel.basic_qos(0, WINDOW, a_global=False)
        since = {"x-stream-offset": SINCE}
        channel.basic_consume(ENDED_SESSIONS, ENDED_SESSIONS, nowait=True, callback=self._ended, arguments=since)

    def lost(self) -> None:
        """Nothing to do: the stream is read again on the next connection."""

    def _ended(self, message: Any) -> None:
        try:
            auth.end_session(UUID(json.loads(message.body)["session_id"]))
        except (ValueError, KeyError, TypeError) as failure:
            observe.log.warning("unreadable message about an ended session", error=repr(failure))
        message.channel.basic_ack(message.delivery_tag)
