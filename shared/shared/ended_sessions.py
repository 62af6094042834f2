"""Sessions that have ended, as every process of a service learns of them: from a stream on the broker.

A queue would hand each message to one process of a service; a stream shows all of them everything, also what was
said while a process was away. It is read from before the oldest token that may still be valid.
"""

import json
from typing import Any
from uuid import UUID

from shared import auth, observe
from shared.topology import ENDED_SESSIONS

SINCE = "20m"  # longer than a token lives
WINDOW = 100  # a stream is read with acknowledgements, so many ahead


class EndedSessions:
    """Reads the stream on a channel of its own; a member of the service's link."""

    def opened(self, channel: Any) -> None:
        channel.auto_decode = False
        channel.basic_qos(0, WINDOW, a_global=False)
        since = {"x-stream-offset": SINCE}
        channel.basic_consume(ENDED_SESSIONS, ENDED_SESSIONS, nowait=True, callback=self._ended, arguments=since)

    def lost(self) -> None:
        """Nothing to do: on the next connection it is read again."""

    def _ended(self, message: Any) -> None:
        try:
            auth.end_session(UUID(json.loads(message.body)["session_id"]))
        except (ValueError, KeyError, TypeError) as failure:
            observe.log.warning("the end of a session cannot be read", error=repr(failure))
        message.channel.basic_ack(message.delivery_tag)
