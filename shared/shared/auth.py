"""Who asks: the access token (JWT, EdDSA) that users signs, and every entrypoint verifies for itself."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from shared import settings
from shared.errors import Forbidden, Unauthenticated

ISSUER = "jishi"
LIFETIME = timedelta(minutes=15)
LEEWAY = 5  # seconds that two machines' clocks may differ


class Role(StrEnum):
    """What an account may be. ANYONE needs no account."""

    ANYONE = "anyone"
    SHOPPER = "shopper"
    MERCHANT = "merchant"
    OPERATOR = "operator"
    AUDITOR = "auditor"  # a process: sees ids and sums of everything, nobody by name


@dataclass(frozen=True)
class Caller:
    """Who sent a request; `user_id` is None for somebody who did not sign in."""

    user_id: UUID | None = None
    session_id: UUID | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    shops: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def account(self) -> UUID:
        """The id of the account that was signed in with. Raises Unauthenticated."""
        if self.user_id is None:
            raise Unauthenticated
        return self.user_id

    def is_(self, role: Role) -> bool:
        """Whether the caller has this role; everybody is ANYONE."""
        return role is Role.ANYONE or role in self.roles

    def require(self, *allowed: Role) -> None:
        """Raise Unauthenticated or Forbidden unless the caller has one of the roles."""
        if any(self.is_(role) for role in allowed):
            return
        raise Forbidden if self.user_id else Unauthenticated

    def require_shop(self, shop_id: UUID) -> None:
        """Raise Forbidden unless the caller works for the shop; an operator passes."""
        if shop_id not in self.shops and not self.is_(Role.OPERATOR):
            raise Forbidden


NOBODY = Caller()


class BadToken(Unauthenticated):
    """The access token is not valid, or no longer."""

    code = "bad_token"


def verify(token: str | None) -> Caller:
    """The caller that an access token names, NOBODY without one. Raises BadToken."""
    if not token:
        return NOBODY
    caller, expires = _read(token)
    if expires + LEEWAY < time.time():
        raise BadToken
    return caller


def sign(caller: Caller, *, now: datetime | None = None) -> str:
    """An access token for this caller, valid for 15 minutes."""
    issued = now or datetime.now(UTC)
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "sub": str(caller.user_id),
        "sid": str(caller.session_id),
        "roles": sorted(caller.roles),
        "shops": sorted(map(str, caller.shops)),
        "iat": issued,
        "exp": issued + LIFETIME,
    }
    return jwt.encode(claims, _private_key(), algorithm="EdDSA")


@lru_cache(maxsize=4096)  # a signature check costs more than most questions; expiry is looked at every time
def _read(token: str) -> tuple[Caller, int]:
    try:
        claims = jwt.decode(
            token,
            _public_key(),
            algorithms=["EdDSA"],
            issuer=ISSUER,
            options={"require": ["sub", "exp"], "verify_exp": False, "verify_iat": False},
        )
        return _caller(claims), int(claims["exp"])
    except (jwt.InvalidTokenError, ValueError, KeyError, TypeError):
        raise BadToken from None


def _caller(claims: dict[str, Any]) -> Caller:
    return Caller(
        user_id=UUID(claims["sub"]),
        session_id=UUID(claims["sid"]),
        roles=frozenset(Role(role) for role in claims["roles"]),
        shops=frozenset(UUID(shop) for shop in claims["shops"]),
    )


def derived_key(purpose: str) -> bytes:
    """A secret of 256 bits for another purpose, derived from the key that signs tokens (RFC 5869)."""
    raw = _private_key().private_bytes_raw()
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"{ISSUER} {purpose}".encode()).derive(raw)


def read_public_key() -> None:
    """Read the key that tokens are checked with, so that a process without a good one ends at its start."""
    _public_key()


def read_private_key() -> None:
    """Read the key that tokens are signed with, so that a process without a good one ends at its start."""
    _private_key()


@cache
def _public_key() -> Any:
    return load_pem_public_key(settings.secret("TOKEN_PUBLIC_KEY"))


@cache
def _private_key() -> Any:
    return load_pem_private_key(settings.secret("TOKEN_PRIVATE_KEY"), password=None)
