"""Reads the quote tokens that marketing signs: compact JWS (RFC 7515), Ed25519 (RFC 8037)."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from jwt.api_jws import PyJWS

from orders.checkout.model.quote import ExpiredQuote, ForgedQuote, Quote
from shared import settings, shapes

ISSUER = "jishi-quote"
BASE64URL = re.compile(rb"[A-Za-z0-9_-]*")


class Jws(PyJWS):
    """Reads base64url at once: PyJWT checks it character by character, which takes as long as the signature."""

    @staticmethod
    def _decode_base64url_segment(segment: bytes, name: str) -> bytes:
        if BASE64URL.fullmatch(segment) and len(segment) % 4 != 1:
            decoded = urlsafe_b64decode(segment + b"=" * (-len(segment) % 4))
            if urlsafe_b64encode(decoded).rstrip(b"=") == segment:
                return decoded
        return PyJWS._decode_base64url_segment(segment, name)  # noqa: SLF001 - refuses it, with the reason


DECODER = jwt.PyJWT()
DECODER._jws = Jws()  # noqa: SLF001 - of another name in another version, it would only be slower


def read_key() -> None:
    """Read the key that verifies quotes, so that a process without a valid one fails at its start."""
    _key()


@cache
def _key() -> Any:
    return load_pem_public_key(settings.secret("QUOTE_PUBLIC_KEY"))


def read(token: str) -> Quote:
    """The quote in a token. Raises ForgedQuote, ExpiredQuote."""
    try:
        claims = DECODER.decode(
            token, _key(), algorithms=["EdDSA"], issuer=ISSUER, options={"require": ["exp", "iss"]}
        )
        return shapes.load(Quote, claims)
    except jwt.ExpiredSignatureError:
        raise ExpiredQuote from None
    except (jwt.InvalidTokenError, shapes.Misshapen):
        raise ForgedQuote from None
