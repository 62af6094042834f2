"""The sandbox's settings from the environment. Times are seconds."""

from dataclasses import dataclass, field
from pathlib import Path

from shared import settings


@dataclass(frozen=True)
class Settings:
    """Addresses, storage and timing of the sandbox."""

    keys_dir: Path
    port: int = 9080
    mail_port: int | None = None  # without one no mail is accepted
    host: str = "127.0.0.1"  # the control pages have no password: keep them on this machine
    state: str = ":memory:"  # with a file, transactions survive a restart
    refund_seconds: float = 1.0  # from accepting a refund until it is completed
    notify_backoff: tuple[float, ...] = field(default=(1, 2, 5, 15, 30, 180, 600, 1800, 3600))
    notify_timeout: float = 5.0  # the real provider waits 5 s for the merchant's response
    drop_seconds: float = 60.0  # how long a dropped call is kept open


def from_environment() -> Settings:
    """Read SANDBOX_*; only SANDBOX_KEYS_DIR has no default."""
    return Settings(
        keys_dir=Path(settings.text("SANDBOX_KEYS_DIR")),
        port=settings.whole("SANDBOX_PORT", Settings.port),
        mail_port=settings.whole("SANDBOX_MAIL_PORT", 0) or None,
        host=settings.text("SANDBOX_HOST", Settings.host),
        state=settings.text("SANDBOX_STATE", Settings.state),
        refund_seconds=settings.number("SANDBOX_REFUND_SECONDS", Settings.refund_seconds),
        notify_backoff=_seconds(settings.text("SANDBOX_NOTIFY_BACKOFF", "1,2,5,15,30,180,600,1800,3600")),
        notify_timeout=settings.number("SANDBOX_NOTIFY_TIMEOUT", Settings.notify_timeout),
        drop_seconds=settings.number("SANDBOX_DROP_SECONDS", Settings.drop_seconds),
    )


def _seconds(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(","))
