"""The settings of the gateway, read once from the environment."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gateway.limits import Bucket, Limit
from shared import settings

KIB, MIB = 1024, 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Config:
    """Sizes in bytes, times in seconds, rates in requests a second (0: no limit)."""

    amqp_url: str
    redis_url: str | None = None
    media_dir: Path | None = None
    web_dir: Path | None = None
    payment_sandbox: str = ""  # where a demo's payments are made; the pages to pay show it
    public_url: str = ""  # the origin under which people reach the pages; that of the request if empty
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: int = 0
    rate: float = 100
    burst: int = 1000
    sign_in_rate: float = 5
    sign_in_burst: int = 100
    callback_rate: float = 200
    callback_burst: int = 2000
    file_rate: float = 200
    file_burst: int = 4000
    guest_cart_rate: float = 0.2
    guest_cart_burst: int = 50
    all_guest_carts_rate: float = 10
    all_guest_carts_burst: int = 5000
    heartbeat: float = 15
    most_streams: int = 5000
    most_streams_each: int = 20

    @classmethod
    def from_environment(cls) -> "Config":
        """AMQP_URL is required; everything else has a default."""
        media, web = settings.text("MEDIA_DIR", ""), settings.text("WEB_DIR", "")
        return cls(
            amqp_url=settings.text("AMQP_URL"),
            redis_url=settings.text("REDIS_URL", "") or None,
            media_dir=Path(media) if media else None,
            web_dir=Path(web) if web else None,
            payment_sandbox=settings.text("PAYMENT_SANDBOX", ""),
            public_url=settings.text("PUBLIC_URL", "").rstrip("/"),
            cors_origins=tuple(settings.text("CORS_ORIGINS", "").split()),
            trusted_proxies=settings.whole("TRUSTED_PROXIES", cls.trusted_proxies),
            rate=settings.number("RATE_LIMIT", cls.rate),
            burst=settings.whole("RATE_LIMIT_BURST", cls.burst),
            sign_in_rate=settings.number("SIGN_IN_RATE_LIMIT", cls.sign_in_rate),
            sign_in_burst=settings.whole("SIGN_IN_RATE_LIMIT_BURST", cls.sign_in_burst),
            callback_rate=settings.number("CALLBACK_RATE_LIMIT", cls.callback_rate),
            callback_burst=settings.whole("CALLBACK_RATE_LIMIT_BURST", cls.callback_burst),
            file_rate=settings.number("FILE_RATE_LIMIT", cls.file_rate),
            file_burst=settings.whole("FILE_RATE_LIMIT_BURST", cls.file_burst),
            guest_cart_rate=settings.number("GUEST_CART_RATE_LIMIT", cls.guest_cart_rate),
            guest_cart_burst=settings.whole("GUEST_CART_RATE_LIMIT_BURST", cls.guest_cart_burst),
            all_guest_carts_rate=settings.number("ALL_GUEST_CARTS_RATE_LIMIT", cls.all_guest_carts_rate),
            all_guest_carts_burst=settings.whole("ALL_GUEST_CARTS_RATE_LIMIT_BURST", cls.all_guest_carts_burst),
            heartbeat=settings.number("STREAM_HEARTBEAT", cls.heartbeat),
            most_streams=settings.whole("MOST_STREAMS", cls.most_streams),
            most_streams_each=settings.whole("MOST_STREAMS_EACH", cls.most_streams_each),
        )

    def bucket(self, limit: Limit) -> Bucket:
        """The bucket of a limit, as configured."""
        return self._buckets[limit]

    @cached_property
    def _buckets(self) -> dict[Limit, Bucket]:
        sizes = {
            Limit.REQUESTS: (self.rate, self.burst),
            Limit.SIGN_IN: (self.sign_in_rate, self.sign_in_burst),
            Limit.CALLBACKS: (self.callback_rate, self.callback_burst),
            Limit.FILES: (self.file_rate, self.file_burst),
            Limit.GUEST_CARTS: (self.guest_cart_rate, self.guest_cart_burst),
            Limit.ALL_GUEST_CARTS: (self.all_guest_carts_rate, self.all_guest_carts_burst),
        }
        return {limit: Bucket(limit, *size) for limit, size in sizes.items()}
