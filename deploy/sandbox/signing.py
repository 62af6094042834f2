r"""Signatures and encryption of WeChat Pay API v3, the provider's side.

A request carries `Authorization: WECHATPAY2-SHA256-RSA2048 mchid="…",nonce_str="…",signature="…",timestamp="…",
serial_no="…"`, an RSA-SHA256 signature over "method\npath?query\ntimestamp\nnonce\nbody\n". Answers and
notifications carry Wechatpay-* headers, signed over "timestamp\nnonce\nbody\n". A notification's resource is
encrypted with AES-256-GCM under the key that both sides know.
"""

import json
import re
import secrets
import time
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections import OrderedDict
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from sandbox.errors import Refused
from sandbox.keys import Keys

SCHEME = "WECHATPAY2-SHA256-RSA2048"
FIELDS = {"mchid", "nonce_str", "signature", "timestamp", "serial_no"}
FRESH_SECONDS = 300


class Verifier:
    """Accepts only requests that the merchant signed recently, and each only once."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._seen: OrderedDict[str, float] = OrderedDict()

    def check(self, authorization: str, method: str, target: str, body: bytes) -> None:
        """Raise SIGN_ERROR unless the merchant signed this request; `target` is the path with its query."""
        scheme, _, fields = authorization.partition(" ")
        given = dict(re.findall(r'(\w+)="([^"]*)"', fields))
        if scheme != SCHEME or not given.keys() >= FIELDS:
            raise Refused("SIGN_ERROR", "Http头Authorization值格式错误")
        if given["mchid"] != self._keys.mchid or given["serial_no"] != self._keys.merchant_serial:
            raise Refused("SIGN_ERROR", "商户号或商户证书序列号有误")
        message = f"{method}\n{target}\n{given['timestamp']}\n{given['nonce_str']}\n".encode() + body + b"\n"
        self._verify(given["signature"], message)
        self._once(given["nonce_str"], given["timestamp"])

    def _verify(self, signature: str, message: bytes) -> None:
        try:
            self._keys.merchant_public.verify(b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
        except (InvalidSignature, NotBase64):
            raise Refused("SIGN_ERROR", "签名错误") from None

    def _once(self, nonce: str, timestamp: str) -> None:
        now = time.time()
        if not timestamp.isdigit() or abs(now - int(timestamp)) > FRESH_SECONDS:
            raise Refused("SIGN_ERROR", "时间戳已过期")
        self._forget(now - 2 * FRESH_SECONDS)
        if nonce in self._seen:
            raise Refused("SIGN_ERROR", "随机串重复使用")
        self._seen[nonce] = now

    def _forget(self, before: float) -> None:
        # A request this old is refused by its timestamp, so its nonce need not be remembered.
        while self._seen and next(iter(self._seen.values())) < before:
            self._seen.popitem(last=False)


def sign(keys: Keys, body: bytes) -> dict[str, str]:
    """Return the headers that prove that the provider sent `body` now."""
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    message = f"{timestamp}\n{nonce}\n".encode() + body + b"\n"
    signature = keys.provider_private.sign(message, PKCS1v15(), SHA256())
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": b64encode(signature).decode(),
        "Wechatpay-Serial": keys.provider_key_id,
        "Wechatpay-Signature-Type": SCHEME,
    }


def encrypt(keys: Keys, kind: str, resource: dict[str, Any]) -> dict[str, str]:
    """Encrypt a notification's resource; `kind` ("transaction" or "refund") is authenticated with it."""
    nonce = secrets.token_hex(6)  # 12 characters, as the protocol requires
    sealed = AESGCM(keys.apiv3_key).encrypt(nonce.encode(), json.dumps(resource).encode(), kind.encode())
    return {
        "original_type": kind,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": b64encode(sealed).decode(),
        "associated_data": kind,
        "nonce": nonce,
    }
