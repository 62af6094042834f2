"""Connections to a mail server, which are kept open for the next mails."""

import smtplib
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

# For the reply to the mail data, which a server may scan: a client that gives up sooner sends the mail twice
# (RFC 5321, 4.5.3.2.6). Fifteen steps and three of these (354, the data, the reply) take less than the lease.
DATA_TIMEOUT = 60.0
KEPT_SECONDS = 20.0  # servers close a connection that was not used for minutes
MOST_MAILS = 100  # on one connection: a common limit of servers


class Connection(smtplib.SMTP):
    """Waits longer while the mail data is sent and answered than for other replies."""

    mails = 0
    used_at = 0.0  # monotonic
    data_begun = False  # of the present mail: its outcome may be unknown

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.data_begun = True
        if self.sock is None:
            return super().data(msg)
        self.sock.settimeout(max(self.timeout, DATA_TIMEOUT))
        try:
            return super().data(msg)
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)

    def end(self) -> None:
        """Close the connection; errors are ignored."""
        with suppress(smtplib.SMTPException, OSError):
            self.quit()
        self.close()


class Connections:
    """The connections to one server that wait for the next mail. A failed one is closed."""

    def __init__(self) -> None:
        self._kept: deque[Connection] = deque()

    def send(self, mail: Callable[[Connection], object], connect: Callable[[], Connection]) -> None:
        """Send a mail on a kept connection, or on a new one.

        If a kept one fails, as when the server has closed it, the mail is sent on a new one, unless its data was
        begun: the server may have accepted it.
        """
        kept = self._take()
        if kept:
            try:
                return self._use(kept, mail)
            except Exception:
                self.close()  # they are probably closed as well
                if kept.data_begun:
                    raise
        return self._use(connect(), mail)

    def close(self) -> None:
        """Close those that wait."""
        with suppress(IndexError):
            while True:
                self._kept.pop().close()

    def _take(self) -> Connection | None:
        """The one that was used last; those that waited too long are closed."""
        with suppress(IndexError):
            while time.monotonic() - self._kept[0].used_at > KEPT_SECONDS:
                self._kept.popleft().end()
            return self._kept.pop()
        return None

    def _use(self, connection: Connection, mail: Callable[[Connection], object]) -> None:
        connection.data_begun = False
        try:
            mail(connection)
        except BaseException:
            connection.close()
            raise
        connection.mails, connection.used_at = connection.mails + 1, time.monotonic()
        if connection.mails < MOST_MAILS:
            self._kept.append(connection)
        else:
            connection.end()
