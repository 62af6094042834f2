"""Tokens: who may do what, and until when."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared import auth
from shared.auth import NOBODY, BadToken, Caller, Role
from shared.errors import Forbidden, Unauthenticated
from shared.ids import new_id

SHOP = new_id()
MERCHANT = Caller(new_id(), new_id(), frozenset({Role.SHOPPER, Role.MERCHANT}), frozenset({SHOP}))


@pytest.fixture(autouse=True)
def own_keys(keys, monkeypatch):
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    auth._private_key.cache_clear()
    auth._public_key.cache_clear()
    auth._read.cache_clear()


def claims(**changed):
    now = datetime.now(UTC)
    known = {"iss": "jishi", "sub": str(new_id()), "sid": str(new_id()), "roles": [], "shops": [], "iat": now}
    return {**known, "exp": now + timedelta(minutes=15), **changed}


def test_a_token_names_its_caller():
    assert auth.verify(auth.sign(MERCHANT)) == MERCHANT


def test_without_a_token_it_is_nobody():
    assert auth.verify(None) is NOBODY
    assert NOBODY.is_(Role.ANYONE)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_changed_token_is_refused(place):
    parts = auth.sign(MERCHANT).split(".")
    letter = "A" if parts[place][5] != "A" else "B"
    parts[place] = parts[place][:5] + letter + parts[place][6:]
    with pytest.raises(BadToken):
        auth.verify(".".join(parts))


def test_a_token_expires_also_when_it_was_seen_before():
    token = auth.sign(MERCHANT, now=datetime.now(UTC) - auth.LIFETIME)  # the clocks' leeway is all it has
    assert auth.verify(token) == MERCHANT
    with pytest.raises(BadToken):
        auth.verify(auth.sign(MERCHANT, now=datetime.now(UTC) - auth.LIFETIME - timedelta(seconds=10)))


@pytest.mark.parametrize(
    "changed", [{"iss": "somebody"}, {"sub": "no uuid"}, {"roles": ["emperor"]}, {"sid": None}, {"shops": "all"}]
)
def test_a_token_with_other_claims_is_refused(changed):
    with pytest.raises(BadToken):
        auth.verify(jwt.encode(claims(**changed), auth._private_key(), algorithm="EdDSA"))


def test_a_token_of_another_key_or_of_none_is_refused():
    for token in (
        jwt.encode(claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA"),
        jwt.encode(claims(), "x" * 32, algorithm="HS256"),
        jwt.encode(claims(), None, algorithm="none"),
        "no token",
    ):
        with pytest.raises(BadToken):
            auth.verify(token)


def test_roles_and_shops_decide():
    MERCHANT.require(Role.OPERATOR, Role.MERCHANT)
    MERCHANT.require_shop(SHOP)
    with pytest.raises(Forbidden):
        MERCHANT.require(Role.OPERATOR)
    with pytest.raises(Forbidden):
        MERCHANT.require_shop(new_id())
    with pytest.raises(Unauthenticated):
        NOBODY.require(Role.SHOPPER)
    Caller(new_id(), None, frozenset({Role.OPERATOR})).require_shop(new_id())
