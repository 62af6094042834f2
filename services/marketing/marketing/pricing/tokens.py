"""Signs quotes, so that orders can verify them without a request: compact JWS (RFC 7515), Ed25519 (RFC 8037)."""

from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from marketing.pricing.model.quotes import Quote
from shared import settings
from shared.money import Money

ISSUER = "jishi-quote"
LIFETIME = timedelta(minutes=15)


def sign(
    quote: Quote, quote_id: UUID, buyer_id: UUID, issued_at: datetime, cart_version: int | None = None
) -> str:
    """The token that binds a quote to its buyer for 15 minutes, and to a version of the cart if one is given.

    The claims are in docs/building.md.
    """
    key = _key()
    about = {"iss": ISSUER, "iat": issued_at, "exp": issued_at + LIFETIME}
    whose = {"quote_id": str(quote_id), "buyer_id": str(buyer_id), "cart_version": cart_version}
    return jwt.encode({**about, **whose, **claims(quote)}, key, algorithm="EdDSA", headers={"kid": key_id(key)})


def claims(value: Any) -> Any:
    """A quote as JSON with bare minor units; the currency is a claim at the top level."""
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, tuple):
        return [claims(each) for each in value]
    if is_dataclass(value):
        return {spec.name: claims(getattr(value, spec.name)) for spec in fields(value)}
    return value


@cache
def key_id(key: Ed25519PrivateKey) -> str:
    """A digest of the public key, by which verifiers choose among several during a key rotation."""
    return sha256(key.public_key().public_bytes_raw()).hexdigest()[:16]


def read_key() -> None:
    """Read the key that signs quotes, so that a process without a valid one fails at its start."""
    _key()


@cache
def _key() -> Ed25519PrivateKey:
    return cast("Ed25519PrivateKey", load_pem_private_key(settings.secret("QUOTE_PRIVATE_KEY"), password=None))
