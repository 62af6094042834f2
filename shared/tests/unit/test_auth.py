"""Access tokens: signing, verification, expiry, and the rights of callers."""

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared import auth
from shared.auth import ANONYMOUS, Caller, SessionOver, TokenInvalid
from shared.errors import Forbidden, Unauthenticated
from shared.ids import new_id
from shared.permissions import Role

SHOP = new_id()
MERCHANT = Caller(new_id(), new_id(), frozenset({Role.SHOPPER, Role.MERCHANT}), frozenset({SHOP}))


@pytest.fixture(autouse=True)
def own_keys(keys, monkeypatch):
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    auth._private_key.cache_clear()
    auth._public_keys.cache_clear()
    auth._read.cache_clear()


def claims(**changed):
    now = datetime.now(UTC)
    ids = {name: str(new_id()) for name in ("sub", "sid", "jti")}
    known = {"iss": "jishi", "aud": "jishi", **ids, "roles": [], "shops": [], "iat": now}
    return {**known, "exp": now + timedelta(minutes=15), **changed}


def signed(claims_, key=None, **headers):
    key = key or auth._private_key()
    known = {"kid": auth.key_id(key.public_key())} | headers
    return jwt.encode(claims_, key, algorithm="EdDSA", headers=known)


def pem(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def trust(monkeypatch, *keys):
    monkeypatch.delenv("TOKEN_PUBLIC_KEY_FILE", raising=False)
    monkeypatch.setenv("TOKEN_PUBLIC_KEY", "".join(map(pem, keys)))
    auth._public_keys.cache_clear()
    auth._read.cache_clear()


def test_a_token_names_its_caller():
    assert auth.verify(auth.sign(MERCHANT)) == MERCHANT


def test_without_a_token_the_caller_is_nobody():
    assert auth.verify(None) is ANONYMOUS
    assert ANONYMOUS.is_(Role.ANYONE)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_changed_token_is_refused(place):
    parts = auth.sign(MERCHANT).split(".")
    letter = "A" if parts[place][5] != "A" else "B"
    parts[place] = parts[place][:5] + letter + parts[place][6:]
    with pytest.raises(TokenInvalid):
        auth.verify(".".join(parts))


def test_a_token_that_was_verified_before_expires_too():
    token = auth.sign(MERCHANT, now=datetime.now(UTC) - auth.LIFETIME)  # valid only by the leeway for clocks
    assert auth.verify(token) == MERCHANT
    with pytest.raises(TokenInvalid):
        auth.verify(auth.sign(MERCHANT, now=datetime.now(UTC) - auth.LIFETIME - timedelta(seconds=10)))


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "another issuer"},
        {"aud": "another audience"},
        {"aud": None},
        {"jti": None},
        {"sub": "not a uuid"},
        {"roles": ["emperor"]},
        {"sid": None},
        {"shops": "all"},
    ],
)
def test_a_token_with_other_claims_is_refused(changed):
    with pytest.raises(TokenInvalid):
        auth.verify(signed({name: value for name, value in claims(**changed).items() if value is not None}))


def test_a_token_signed_by_another_key_or_none_is_refused():
    for token in (
        signed(claims(), Ed25519PrivateKey.generate()),
        signed(claims(), Ed25519PrivateKey.generate(), kid=auth.key_id(auth._private_key().public_key())),
        signed(claims(), kid="unknown"),
        jwt.encode(claims(), auth._private_key(), algorithm="EdDSA"),
        jwt.encode(claims(), "x" * 32, algorithm="HS256"),
        jwt.encode(claims(), None, algorithm="none"),
        "not a token",
    ):
        with pytest.raises(TokenInvalid):
            auth.verify(token)


def test_a_token_names_its_audience_its_id_and_its_key():
    auth.verify(signed(claims()))
    tokens = [auth.sign(MERCHANT) for _ in range(2)]
    decoded = [jwt.decode(token, options={"verify_signature": False}) for token in tokens]
    assert {one["aud"] for one in decoded} == {"jishi"}
    assert len({one["jti"] for one in decoded}) == 2
    assert decoded[0]["sid"] == str(MERCHANT.session_id)
    assert jwt.get_unverified_header(tokens[0])["kid"] == auth.key_id(auth._private_key().public_key())


def test_during_a_key_change_tokens_of_both_keys_are_accepted(monkeypatch):
    old, new = auth._private_key(), Ed25519PrivateKey.generate()
    trust(monkeypatch, old, new)
    for key in (old, new):
        auth.verify(signed(claims(), key))
    trust(monkeypatch, new)
    auth.verify(signed(claims(), new))
    with pytest.raises(TokenInvalid):
        auth.verify(signed(claims(), old))


def test_a_token_of_an_ended_session_is_refused_and_the_session_forgotten_after_its_tokens_expire(monkeypatch):
    other, ended = MERCHANT, Caller(new_id(), new_id(), frozenset({Role.SHOPPER}))
    token = auth.sign(ended)
    auth.verify(token)
    auth.end_session(ended.session_id)
    with pytest.raises(SessionOver):
        auth.verify(token)
    auth.verify(auth.sign(other))
    later = time.time() + auth.LIFETIME.total_seconds() + 60
    monkeypatch.setattr("shared.auth.time", SimpleNamespace(time=lambda: later))
    auth.end_session(new_id())
    assert ended.session_id not in auth._ended


def test_roles_and_shops_decide_what_is_allowed():
    MERCHANT.require(Role.OPERATOR, Role.MERCHANT)
    MERCHANT.require_shop(SHOP)
    with pytest.raises(Forbidden):
        MERCHANT.require(Role.OPERATOR)
    with pytest.raises(Forbidden):
        MERCHANT.require_shop(new_id())
    with pytest.raises(Unauthenticated):
        ANONYMOUS.require(Role.SHOPPER)
    Caller(new_id(), None, frozenset({Role.OPERATOR})).require_shop(new_id())
