"""The line to WeChat Pay: the library's transport made strict. Every reply and notification is proven genuine.

Signatures: https://pay.weixin.qq.com/doc/v3/merchant/4013053249. Only the public-key mode is used: the library's
certificate mode fetches certificates from the real host whatever the gateway is.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import build_authorization, rsa_verify

from payments.provider import ForgedNotification, ProviderSilent
from shared import settings

SCHEME = "WECHATPAY2-SHA256-RSA2048"
PROOF = tuple(f"wechatpay-{part}" for part in ("timestamp", "nonce", "signature", "serial", "signature-type"))
FRESH_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class Merchant:
    """The merchant's side of the contract with the provider; keys are PEM text. `timeout` in seconds."""

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
        """Read WECHAT_*; only the time-out has a default."""
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


class Untrusted(Exception):
    """Nothing proves that the provider said this, lately."""


class Line(Core):
    """The library's transport made strict: a gateway of choice, a time-out, no redirects, no reply unchecked.

    The library itself verifies neither refusals nor freshness.
    """

    def __init__(self, merchant: Merchant) -> None:
        super().__init__(
            mchid=merchant.mchid,
            cert_serial_no=merchant.cert_serial,
            private_key=merchant.private_key,
            apiv3_key=merchant.apiv3_key,
            public_key=merchant.public_key,
            public_key_id=merchant.public_key_id,
            timeout=merchant.timeout,
        )
        self._gate_way = merchant.gateway.rstrip("/")

    def request(
        self, path: str, method: RequestType = RequestType.GET, data: dict[str, Any] | None = None, **_: Any
    ) -> tuple[int, str]:
        body = json.dumps(data) if data else ""
        try:
            answer = requests.request(
                method.value,
                self._gate_way + path,
                data=body,
                headers=self._headers(path, method, body),
                timeout=self._timeout,
                allow_redirects=False,
            )
            text = answer.content.decode()
            self.check(answer.headers, text)
        except (requests.RequestException, UnicodeDecodeError, Untrusted) as silence:
            raise ProviderSilent(f"{method.value} {path}: {silence!r}") from silence
        return answer.status_code, text

    def _headers(self, path: str, method: RequestType, body: str) -> dict[str, str]:
        authorization = build_authorization(
            path, method.value, self._mchid, self._cert_serial_no, self._private_key, data=body
        )
        return {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Wechatpay-Serial": self._public_key_id,
            "Authorization": authorization,
        }

    def check(self, headers: Mapping[str, str], body: str) -> None:
        """Raise Untrusted unless the provider's key signed `body` within the last five minutes."""
        timestamp, nonce, signature, serial, scheme = (headers.get(name, "") for name in PROOF)
        if serial != self._public_key_id or scheme != SCHEME:
            raise Untrusted(f"signed by {serial or 'nobody'} as {scheme or 'nothing'}")
        if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > FRESH_SECONDS:
            raise Untrusted(f"signed at {timestamp}")
        if not rsa_verify(timestamp, nonce, body, signature, self._public_key):
            raise Untrusted("its signature is wrong")

    def open_envelope(self, headers: Mapping[str, str], body: str | bytes) -> dict[str, Any]:
        """Return a notification with its resource decrypted; lower-case header names."""
        try:
            text = body.decode() if isinstance(body, bytes) else body
            self.check(headers, text)
            report = self.callback(headers, text)
        except Exception as wrong:  # the library raises bare Exceptions
            raise ForgedNotification(str(wrong)) from wrong
        if not isinstance(report, dict):
            raise ForgedNotification("cannot be decrypted")
        return report
