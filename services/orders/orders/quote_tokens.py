"""Reads the quote tokens that marketing signs: compact JWS (RFC 7515), Ed25519 (RFC 8037)."""

from functools import cache

import jwt

from orders.domain.quote import ExpiredQuote, ForgedQuote, Quote
from shared import settings, shapes

ISSUER = "jishi-quote"


@cache
def _key() -> bytes:
    return settings.secret("QUOTE_PUBLIC_KEY")


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
