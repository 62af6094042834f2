"""A mailbox for all addresses: accepts mail over SMTP, and shows it on a page.

No mail leaves this machine. The newest mails are stored in the same SQLite file as the payments.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT = 500
LARGEST = 1024 * 1024  # bytes of a mail
LONGEST = 20_000  # characters of its text that are stored
SCHEMA = """
CREATE TABLE IF NOT EXISTS mails (
    position INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL, sender TEXT NOT NULL,
    recipient TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, received_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS mails_to ON mails (recipient);
"""


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

    def keep(self, mail: Mail) -> None:
        """Store a mail, and delete the oldest beyond KEPT."""
        names = asdict(mail)
        marks = ", ".join(f":{name}" for name in names)
        put = f"INSERT INTO mails ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of fields
        position = self._db.execute(put, names).lastrowid
        self._db.execute("DELETE FROM mails WHERE position <= ?", ((position or 0) - KEPT,))

    def newest(self, limit: int, recipient: str | None = None) -> list[Mail]:
        """The newest mails first: all, or those to one address."""
        query = """
            SELECT message_id, sender, recipient, subject, text, received_at FROM mails
            WHERE :recipient IS NULL OR recipient = :recipient ORDER BY position DESC LIMIT :limit
        """
        rows = self._db.execute(query, {"recipient": recipient, "limit": limit})
        return [Mail(**row) for row in rows]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd
        """Store a received mail once for each recipient."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        for recipient in envelope.rcpt_tos:
            self.keep(read(content, str(recipient)))
        return "250 stored"


def read(content: bytes, recipient: str) -> Mail:
    """A mail in the form that is shown."""
    message: EmailMessage = message_from_bytes(content, EmailMessage, policy=default)
    body: Any = message.get_body(("plain", "html"))
    return Mail(
        message_id=str(message["Message-ID"] or ""),
        sender=str(message["From"] or ""),
        recipient=recipient.lower(),
        subject=str(message["Subject"] or ""),
        text=str(body.get_content()).replace("\r\n", "\n")[:LONGEST] if body else "",
        received_at=time.time(),
    )


@asynccontextmanager
async def accepting_mail(mailbox: Mailbox, host: str, port: int | None) -> AsyncIterator[None]:
    """Accept mail on this port for the block; without a port none is accepted."""
    if port is None:
        yield
        return
    loop = asyncio.get_running_loop()

    def serve() -> SMTP:
        return SMTP(mailbox, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="sandbox", loop=loop)

    server = await loop.create_server(serve, host, port)
    async with server:
        yield
