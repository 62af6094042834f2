"""Mail by SMTP, which distinguishes permanent refusals from errors to be retried.

No exception contains an address or a text of the server, which often repeats the address.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from shared import settings
from shared.provider_calls.outcomes import ProviderRefused, ProviderSilent
from users.messages.model import Mail

PERMANENT = range(500, 600)
# The server requires other credentials: the mail is not at fault, and the configuration has to be fixed.
CREDENTIAL_ERRORS = {530, 534, 535, 538}
TIMEOUT = 5.0  # seconds for each step of the dialogue
# For the reply to the mail data, which a server may scan: a client that gives up sooner sends the mail twice
# (RFC 5321, 4.5.3.2.6). Thirteen steps and three of these (354, the data, the reply) take less than the lease.
DATA_TIMEOUT = 60.0


class MailSettingsInvalid(RuntimeError):
    """MAIL_FROM is not an address, or SMTP_STARTTLS=no would send the password of SMTP_USER unencrypted."""


@dataclass(frozen=True, kw_only=True)
class SmtpMailer:
    """Sends mail through one server, with one connection per mail."""

    host: str
    port: int
    sender: str  # as in From: `Jishi <no-reply@example.com>`
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = True
    timeout: float = TIMEOUT

    def send(self, mail: Mail) -> None:
        """Send a mail. Raises ProviderRefused, ProviderSilent."""
        with _mapped_errors(), _connected(self) as server:
            server.send_message(self.compose(mail), self.address, [mail.to])

    @property
    def address(self) -> str:
        """The sender's address alone."""
        return parseaddr(self.sender)[1]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def compose(self, mail: Mail) -> EmailMessage:
        """The mail as it is sent; its Message-ID contains the message id, so that a repeat is recognised."""
        message = EmailMessage(policy=SMTP)
        message["From"] = self.sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.created_at)
        message["Message-ID"] = f"<{mail.message_id}@{self.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        return message


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
    if "@" not in mailer.address or "\n" in mailer.sender or "\r" in mailer.sender:
        raise MailSettingsInvalid("MAIL_FROM is not an address")
    if mailer.user and not mailer.starttls:
        raise MailSettingsInvalid("SMTP_USER with SMTP_STARTTLS=no: its password would be sent unencrypted")
    return mailer


class PatientSMTP(smtplib.SMTP):
    """Waits longer while the mail data is sent and answered than for other replies."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        if self.sock is None:
            return super().data(msg)
        self.sock.settimeout(max(self.timeout, DATA_TIMEOUT))
        try:
            return super().data(msg)
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)


@contextmanager
def _connected(mailer: SmtpMailer) -> Iterator[smtplib.SMTP]:
    """A connection, encrypted and authenticated as configured; errors while closing it are ignored."""
    server = PatientSMTP(mailer.host, mailer.port, local_hostname=mailer.domain, timeout=mailer.timeout)
    try:
        if mailer.starttls:
            server.starttls(context=ssl.create_default_context())
        if mailer.user:
            server.login(mailer.user, mailer.password)
        yield server
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


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
