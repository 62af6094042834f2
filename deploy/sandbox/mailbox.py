"""A mailbox for all addresses: accepts mail over SMTP, and shows it on a page.

No mail leaves this machine. The newest mails are stored in the same SQLite file as the payments.
"""

import asyncio
import re
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT = 500
LARGEST = 1024 * 1024  # bytes of a mail
MOST_BYTES = 100_000  # of it that are stored
LONGEST = 20_000  # characters of its text that are shown
SCHEMA = """
DROP TABLE IF EXISTS mails;
CREATE TABLE IF NOT EXISTS received_mails (
    position INTEGER PRIMARY KEY AUTOINCREMENT, recipient TEXT NOT NULL, content BLOB NOT NULL,
    received_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS received_mails_to ON received_mails (recipient);
"""
ADDRESS = re.compile(
    r"<([\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+)>(?: (.*))?", re.ASCII
)  # in a command, with its parameters


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A received mail; `received_at` in epoch seconds."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    text: str
    received_at: float


class Mailbox:
    """Stores the newest mails; also the handler of the SMTP server."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + SCHEMA)

    def close(self) -> None:
        self._db.close()

    def keep(self, recipient: str, content: bytes) -> None:
        """Store a mail, and delete the oldest beyond KEPT. It is parsed only when it is shown."""
        put = "INSERT INTO received_mails (recipient, content, received_at) VALUES (?, ?, ?)"
        position = self._db.execute(put, (recipient.lower(), content[:MOST_BYTES], time.time())).lastrowid or 0
        if position % (KEPT // 10) == 0:
            self._db.execute("DELETE FROM received_mails WHERE position <= ?", (position - KEPT,))

    def newest(self, limit: int, recipient: str | None = None) -> list[Mail]:
        """The newest mails first: all, or those to one address."""
        query = """
            SELECT content, recipient, received_at FROM received_mails
            WHERE :recipient IS NULL OR recipient = :recipient ORDER BY position DESC LIMIT :limit
        """
        rows = self._db.execute(query, {"recipient": recipient, "limit": min(limit, KEPT)})
        return [read(*row) for row in rows]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd
        """Store a received mail once for each recipient."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        for recipient in envelope.rcpt_tos:
            self.keep(str(recipient), content)
        return "250 stored"


class Server(SMTP):
    """The library's server, which reads a usual address without parsing it as a header."""

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        usual = ADDRESS.fullmatch(arg.strip())
        return (usual[1], usual[2] or "") if usual else super()._getaddr(arg)


def read(content: bytes, recipient: str, received_at: float) -> Mail:
    """A mail in the form that is shown."""
    message: EmailMessage = message_from_bytes(content, EmailMessage, policy=default)
    body: Any = message.get_body(("plain", "html"))
    return Mail(
        message_id=str(message["Message-ID"] or ""),
        sender=str(message["From"] or ""),
        recipient=recipient,
        subject=str(message["Subject"] or ""),
        text=str(body.get_content()).replace("\r\n", "\n")[:LONGEST] if body else "",
        received_at=received_at,
    )


@asynccontextmanager
async def accepting_mail(mailbox: Mailbox, host: str, port: int | None) -> AsyncIterator[None]:
    """Accept mail on this port for the block; without a port none is accepted."""
    if port is None:
        yield
        return
    loop = asyncio.get_running_loop()

    def serve() -> SMTP:
        return Server(mailbox, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="sandbox", loop=loop)

    server = await loop.create_server(serve, host, port)
    async with server:
        yield
