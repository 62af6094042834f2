"""The merchant's settings for WeChat Pay."""

from dataclasses import dataclass

from shared import settings


@dataclass(frozen=True, kw_only=True)
class Merchant:
    """The merchant's account, keys (PEM text) and URLs at the provider; `timeout` in seconds."""

    gateway: str
    mchid: str
    appid: str
    cert_serial: str
    private_key: str
    apiv3_key: str
    public_key: str
    public_key_id: str
    notify_url: str
    timeout: float = 5.0

    @classmethod
    def from_environment(cls) -> "Merchant":
        """Read WECHAT_*; only the timeout has a default."""
        return cls(
            gateway=settings.text("WECHAT_GATEWAY"),
            mchid=settings.text("WECHAT_MCHID"),
            appid=settings.text("WECHAT_APPID"),
            cert_serial=settings.text("WECHAT_CERT_SERIAL"),
            private_key=settings.secret_text("WECHAT_PRIVATE_KEY"),
            apiv3_key=settings.secret_text("WECHAT_APIV3_KEY"),
            public_key=settings.secret_text("WECHAT_PUBLIC_KEY"),
            public_key_id=settings.text("WECHAT_PUBLIC_KEY_ID"),
            notify_url=settings.text("WECHAT_NOTIFY_URL"),
            timeout=settings.number("WECHAT_TIMEOUT", cls.timeout),
        )
