"""The transport to WeChat Pay; the signature of every response and notification is verified."""

import json
from collections.abc import Mapping
from typing import Any

import requests
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import build_authorization

from payments.providers.interface import ForgedNotification, ProviderSilent
from payments.providers.wechat.connections import Connections
from payments.providers.wechat.merchant import Merchant
from payments.providers.wechat.verification import ProviderKey, Untrusted


class Transport(Core):
    """The library's transport with a configurable gateway, a timeout, no redirects, and every response verified.

    The library itself verifies neither error responses nor timestamps.
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
        self._provider_key = ProviderKey(merchant.public_key_id, self._public_key)
        self._connections = Connections(self._gate_way)

    def request(
        self, path: str, method: RequestType = RequestType.GET, data: dict[str, Any] | None = None, **_: Any
    ) -> tuple[int, str]:
        body = json.dumps(data) if data else ""
        try:
            headers = self._headers(path, method, body)
            answer = self._connections.send(method.value, path, headers, body.encode(), timeout=self._timeout)
            text = answer.content.decode()
            self._provider_key.check(answer.headers, text)
        except (requests.RequestException, UnicodeDecodeError, Untrusted) as error:
            raise ProviderSilent(f"{method.value} {path}: {error!r}") from error
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

    def open_envelope(self, headers: Mapping[str, str], body: str | bytes) -> dict[str, Any]:
        """Return a notification, decrypted; header names are in lower case. Raises ForgedNotification."""
        try:
            text = body.decode() if isinstance(body, bytes) else body
            self._provider_key.check(headers, text)
            report = self.callback(headers, text)
        except Exception as wrong:  # the library raises bare Exceptions
            raise ForgedNotification(str(wrong)) from wrong
        if not isinstance(report, dict):
            raise ForgedNotification("cannot be decrypted")
        return report
