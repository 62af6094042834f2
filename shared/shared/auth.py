"""Access tokens (JWT, EdDSA): the users service signs them, every entrypoint verifies them.

Several public keys are accepted, each under its `kid`, so that the signing key can be rotated while older tokens
remain valid. Tokens of an ended session are refused as soon as this process learns of it (shared.ended_sessions).
"""

import hashlib
import re
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from shared import operator_actions, settings
from shared.errors import Forbidden, Unauthenticated
from shared.ids import new_id
from shared.permissions import GRANTED, Permission, Role

ISSUER = AUDIENCE = "jishi"
CLAIMS = ["iss", "aud", "sub", "sid", "jti", "iat", "exp"]
PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)
LIFETIME = timedelta(minutes=15)
LEEWAY = 5  # seconds: allowed clock difference between machines


@dataclass(frozen=True)
class Caller:
    """The sender of a request; `user_id` is None if not signed in."""

    user_id: UUID | None = None
    session_id: UUID | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    shops: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def account(self) -> UUID:
        """The id of the caller's account. Raises Unauthenticated."""
        if self.user_id is None:
            raise Unauthenticated
        return self.user_id

    def is_(self, role: Role) -> bool:
        """Whether the caller has this role; every caller has ANYONE."""
        return role is Role.ANYONE or role in self.roles

    def require(self, *allowed: Role) -> None:
        """Raise Unauthenticated or Forbidden unless the caller has one of the roles."""
        if any(self.is_(role) for role in allowed):
            return
        raise Forbidden if self.user_id else Unauthenticated

    def require_permission(self, permission: Permission) -> None:
        """Raise Unauthenticated or Forbidden unless the caller has this permission."""
        self.require(*GRANTED[permission])

    def require_shop(self, shop_id: UUID) -> None:
        """Raise Forbidden unless the caller works for the shop or is an operator, whose access is logged."""
        if self.acts_for(shop_id) is Role.OPERATOR:
            operator_actions.as_operator()

    def acts_for(self, shop_id: UUID) -> Role:
        """The role in which the caller may act for the shop: MERCHANT or OPERATOR. Raises Forbidden."""
        if shop_id in self.shops:
            return Role.MERCHANT
        if self.is_(Role.OPERATOR):
            return Role.OPERATOR
        raise Forbidden


ANONYMOUS = Caller()


class TokenInvalid(Unauthenticated):
    """The access token is invalid or has expired."""

    code = "token_invalid"


class SessionOver(Unauthenticated):
    """The session of this access token has ended; sign in again."""

    code = "session_ended"


_ended: dict[UUID, float] = {}  # ended sessions and when their last token expires (epoch), the oldest first


def verify(token: str | None) -> Caller:
    """The caller that an access token identifies, ANONYMOUS without a token. Raises TokenInvalid, SessionOver."""
    if not token:
        return ANONYMOUS
    caller, expires = _read(token)
    if expires + LEEWAY < time.time():
        raise TokenInvalid
    if caller.session_id in _ended:
        raise SessionOver
    return caller


def end_session(session_id: UUID) -> None:
    """Refuse the tokens of a session in this process until all of them have expired."""
    now = time.time()
    for known, until in list(_ended.items()):
        if until > now:
            break
        _ended.pop(known, None)
    _ended[session_id] = now + LIFETIME.total_seconds() + 2 * LEEWAY


def sign(caller: Caller, *, now: datetime | None = None) -> str:
    """An access token for this caller, valid for 15 minutes."""
    issued = now or datetime.now(UTC)
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "jti": str(new_id()),
        "sub": str(caller.user_id),
        "sid": str(caller.session_id),
        "roles": sorted(caller.roles),
        "shops": sorted(map(str, caller.shops)),
        "iat": issued,
        "exp": issued + LIFETIME,
    }
    key = _private_key()
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": key_id(key.public_key())})


def key_id(key: Any) -> str:
    """The `kid` of a public key: the first 96 bits of its SHA-256 digest in base64url."""
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return urlsafe_b64encode(hashlib.sha256(spki).digest()[:12]).decode()


@lru_cache(maxsize=4096)  # a signature check costs more than most requests; expiry is checked on every use
def _read(token: str) -> tuple[Caller, int]:
    try:
        claims = jwt.decode(
            token,
            _public_keys()[jwt.get_unverified_header(token)["kid"]],
            algorithms=["EdDSA"],
            issuer=ISSUER,
            audience=AUDIENCE,
            options={"require": CLAIMS, "verify_exp": False, "verify_iat": False},
        )
        return _caller(claims), int(claims["exp"])
    except (jwt.InvalidTokenError, ValueError, KeyError, TypeError):
        raise TokenInvalid from None


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
    """Load the keys that verify tokens, so that a process without a valid one fails at startup."""
    _public_keys()


def read_private_key() -> None:
    """Load the key that signs tokens, so that a process without a valid one fails at startup."""
    _private_key()


@cache
def _public_keys() -> dict[str, Any]:
    """The accepted keys by their id: the setting may contain several PEM blocks."""
    keys = [load_pem_public_key(pem) for pem in PEM.findall(settings.secret("TOKEN_PUBLIC_KEY"))]
    if not keys:
        raise settings.WeakSecret("TOKEN_PUBLIC_KEY")
    return {key_id(key): key for key in keys}


@cache
def _private_key() -> Any:
    return load_pem_private_key(settings.secret("TOKEN_PRIVATE_KEY"), password=None)
