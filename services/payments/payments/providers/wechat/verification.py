"""Verifying WeChat Pay's signatures with its public key.

Signatures: https://pay.weixin.qq.com/doc/v3/merchant/4013053249. Only the public-key mode is used: the
library's certificate mode fetches certificates from the real host whatever the gateway is.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wechatpayv3.utils import rsa_verify

SCHEME = "WECHATPAY2-SHA256-RSA2048"
PROOF = tuple(f"wechatpay-{part}" for part in ("timestamp", "nonce", "signature", "serial", "signature-type"))
FRESH_SECONDS = 300


class Untrusted(Exception):
    """The signature is missing, wrong or too old."""


@dataclass(frozen=True)
class ProviderKey:
    """The provider's public key, loaded, and the id under which it signs."""

    key_id: str
    key: Any

    def check(self, headers: Mapping[str, str], body: str) -> None:
        """Raise Untrusted unless the key signed `body` in the last five minutes; headers by lower-case name."""
        timestamp, nonce, signature, serial, scheme = (headers.get(name, "") for name in PROOF)
        if serial != self.key_id or scheme != SCHEME:
            raise Untrusted(f"signed by {serial or 'no key'} as {scheme or 'no scheme'}")
        if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > FRESH_SECONDS:
            raise Untrusted(f"signed at {timestamp}")
        if not rsa_verify(timestamp, nonce, body, signature, self.key):
            raise Untrusted("its signature is wrong")
