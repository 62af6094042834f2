"""Mail by SMTP, which distinguishes permanent refusals from errors to be retried.

No exception contains an address or a text of the server, which often repeats the address.
"""

import smtplib
import ssl
from base64 import b64encode, encodebytes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cached_property, partial

from shared import settings
from shared.provider_calls.outcomes import ProviderRefused, ProviderSilent
from users.messages.connections import Connection, Connections
from users.messages.model import Mail

PERMANENT = range(500, 600)
# The server requires other credentials: the mail is not at fault, and the configuration has to be fixed.
CREDENTIAL_ERRORS = {530, 534, 535, 538}
TIMEOUT = 5.0  # seconds for each step of the dialogue
CRLF = "\r\n"
SHORT = 60  # characters of a subject on one line


class MailSettingsInvalid(RuntimeError):
    """MAIL_FROM is not an address, or SMTP_STARTTLS=no would send the password of SMTP_USER unencrypted."""


@dataclass(frozen=True, kw_only=True)
class SmtpMailer:
    """Sends mail through one server, on connections that are kept for the next mails."""

    host: str
    port: int
    sender: str  # as in From: `Jishi <no-reply@example.com>`
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = True
    timeout: float = TIMEOUT
    connections: Connections = field(default_factory=Connections, init=False, repr=False, compare=False)

    def send(self, mail: Mail) -> None:
        """Send a mail. Raises ProviderRefused, ProviderSilent."""
        composed = self.compose(mail)
        with _mapped_errors():
            self.connections.send(
                lambda server: server.sendmail(self.address, [mail.to], composed), partial(_connected, self)
            )

    @cached_property
    def address(self) -> str:
        """The sender's address alone."""
        return parseaddr(self.sender)[1]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @cached_property
    def heading(self) -> str:
        """The headers that all mails have in common."""
        common = EmailMessage(policy=SMTP)
        common["From"] = self.sender
        common["Auto-Submitted"] = "auto-generated"
        common["MIME-Version"] = "1.0"
        common["Content-Type"] = 'text/plain; charset="utf-8"'
        common["Content-Transfer-Encoding"] = "base64"
        return common.as_string().removesuffix(CRLF)

    def compose(self, mail: Mail) -> bytes:
        """The mail as it is sent; its Message-ID contains the message id, so that a repeat is recognised.

        Raises ValueError for a subject of several lines, or an address that is not of visible ASCII characters.
        """
        if "".join(mail.subject.splitlines()) != mail.subject:
            raise ValueError("a subject is one line")
        if not (mail.to.isascii() and mail.to.isprintable()):
            raise ValueError("an address is ASCII on one line")
        headers = (
            f"To: {mail.to}",
            f"Subject: {_encoded(mail.subject)}",
            f"Date: {format_datetime(mail.created_at)}",
            f"Message-ID: <{mail.message_id}@{self.domain}>",
            self.heading,
        )
        body = encodebytes(mail.text.replace("\n", CRLF).encode()).replace(b"\n", b"\r\n")
        return CRLF.join(headers).encode("ascii") + b"\r\n" + body


def _encoded(subject: str) -> str:
    """A subject as a header has it: in words of RFC 2047 and lines of bounded length, unless it is short ASCII."""
    if len(subject) <= SHORT and subject.isascii() and subject.isprintable() and "=?" not in subject:
        return subject
    word = f"=?utf-8?b?{b64encode(subject.encode()).decode()}?="
    if len(word) <= SHORT:
        return word
    return Header(subject, "utf-8", header_name="Subject").encode(linesep=CRLF)


def from_environment() -> SmtpMailer | None:
    """The mailer for SMTP_HOST; None if it is not set. SMTP_PASSWORD is read only if SMTP_USER is set.

    Raises MissingSetting, WeakSecret, MailSettingsInvalid.
    """
    host = settings.text("SMTP_HOST", "")
    if not host:
        return None
    user = settings.text("SMTP_USER", "").strip()
    mailer = SmtpMailer(
        host=host,
        port=settings.whole("SMTP_PORT", 587),
        sender=settings.text("MAIL_FROM"),
        user=user,
        password=settings.text("SMTP_PASSWORD") if user else "",
        starttls=settings.text("SMTP_STARTTLS", "yes") != "no",
    )
    if "@" not in mailer.address or not mailer.address.isascii() or "\n" in mailer.sender or "\r" in mailer.sender:
        raise MailSettingsInvalid("MAIL_FROM is not an address")
    if mailer.user and not mailer.starttls:
        raise MailSettingsInvalid("SMTP_USER with SMTP_STARTTLS=no: its password would be sent unencrypted")
    return mailer


def _connected(mailer: SmtpMailer) -> Connection:
    """A new connection, encrypted and authenticated as configured."""
    server = Connection(mailer.host, mailer.port, local_hostname=mailer.domain, timeout=mailer.timeout)
    try:
        if mailer.starttls:
            server.starttls(context=ssl.create_default_context())
        if mailer.user:
            server.login(mailer.user, mailer.password)
    except BaseException:
        server.close()
        raise
    return server


@contextmanager
def _mapped_errors() -> Iterator[None]:
    """Map permanent refusals of this mail to ProviderRefused, and all other errors to ProviderSilent."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as refused:
        ((code, _),) = refused.recipients.values()
        raise _outcome(code) from None
    except smtplib.SMTPDataError as refused:
        raise _outcome(refused.smtp_code) from None
    except smtplib.SMTPResponseException as failed:  # greeting, TLS, credentials, sender: not about this mail
        raise ProviderSilent(f"smtp {failed.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as failed:
        raise ProviderSilent(type(failed).__name__) from None


def _outcome(code: int) -> Exception:
    final = code in PERMANENT and code not in CREDENTIAL_ERRORS
    return ProviderRefused(f"smtp_{code}") if final else ProviderSilent(f"smtp {code}")
