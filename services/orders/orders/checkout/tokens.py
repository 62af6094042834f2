"""Reads the quote tokens that marketing signs: compact JWS (RFC 7515), Ed25519 (RFC 8037)."""

from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from orders.checkout.model.quote import ExpiredQuote, ForgedQuote, Quote
from shared import settings, shapes

ISSUER = "jishi-quote"


def read_key() -> None:
    """Read the key that verifies quotes, so that a process without a valid one fails at its start."""
    _key()


@cache
def _key() -> Any:
    return load_pem_public_key(settings.secret("QUOTE_PUBLIC_KEY"))


def read(token: str) -> Quote:
    """The quote in a token. Raises ForgedQuote, ExpiredQuote."""
    try:
        claims = jwt.decode(
            token, _key(), algorithms=["EdDSA"], issuer=ISSUER, options={"require": ["exp", "iss"]}
        )
        return shapes.load(Quote, claims)
    except jwt.ExpiredSignatureError:
        raise ExpiredQuote from None
    except (jwt.InvalidTokenError, shapes.Misshapen):
        raise ForgedQuote from None
