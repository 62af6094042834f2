"""The worker that sends mail, as a dependency of the service."""

from datetime import timedelta
from functools import cached_property
from typing import Any

from nameko.extensions import DependencyProvider

from shared import observe, settings
from shared.provider_calls.worker import Places, ProviderCallWorker
from users.messages import metrics, smtp
from users.messages.use_cases import mailing

LEASE = timedelta(minutes=5)  # longer than all steps of a mail with their timeouts
CONCURRENT_MAILS = 8
GATHER = 0.05  # seconds


class MailWorker(DependencyProvider):
    """Sends mail through SMTP_HOST. Without it messages are only put into the inbox, and a warning is logged."""

    @cached_property
    def worker(self) -> ProviderCallWorker:
        mailer = smtp.from_environment()
        return ProviderCallWorker("users", mailing.procedures(mailer), Places(CONCURRENT_MAILS), LEASE, GATHER)

    def setup(self) -> None:
        """Read the settings, so that a process with invalid ones does not start."""
        on = smtp.from_environment() is not None
        if on:
            settings.text("PUBLIC_URL")  # for links in mails
        metrics.mail_on.set(on)
        if not on:
            observe.log.warning("SMTP_HOST is not set: messages are put into the inbox only, no mail is sent")
        assert self.worker

    def get_dependency(self, worker_ctx: Any) -> ProviderCallWorker:  # noqa: ARG002 - nameko's signature
        return self.worker
