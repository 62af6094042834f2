"""Domain and sagas are tested without I/O; the others have a real database each. Nothing is mocked.

Quotes are signed here with a key of the tests' own, as marketing would sign them; that marketing's tokens
are like these is held by the contract test in services/marketing and by the end-to-end tests.
"""

from functools import partial

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from orders.checkout import tokens as quote_tokens
from orders.service import OrdersService
from orders.work import Work
from services.orders.tests.carrier_keys import set_carriers
from services.orders.tests.peers import Peers
from services.orders.tests.quotes import a_quote, a_request
from shared.auth import Caller
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import service, service_fixtures

database_url, open_work = service_fixtures("orders", Work)


@pytest.fixture(autouse=True)
def known_carriers(monkeypatch):
    set_carriers(monkeypatch)


@pytest.fixture
def quote_key(monkeypatch):
    """The key that quotes are signed with."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    monkeypatch.setenv("QUOTE_PUBLIC_KEY", public.decode())
    quote_tokens._key.cache_clear()
    yield key
    quote_tokens._key.cache_clear()


@pytest.fixture
def sign(quote_key):
    """Signs claims as marketing does."""
    return partial(jwt.encode, key=quote_key, algorithm="EdDSA")


@pytest.fixture
def shopper():
    return Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.SHOPPER}))


@pytest.fixture
def merchant():
    """Owns the shop by the lake."""
    return Caller(
        user_id=new_id(), session_id=new_id(), roles=frozenset({Role.MERCHANT}), shops=frozenset({new_id()})
    )


@pytest.fixture
def call(open_work):
    """Ask the service as its RPC entrypoint does, with a new instance for each question."""

    def call(method, caller, **request):
        return getattr(service(OrdersService, open_work), method)(caller, request)

    return call


@pytest.fixture
def peers(open_work):
    """The other services; they say yes unless told otherwise."""
    return Peers(open_work)


@pytest.fixture
def confirmed(call, peers, shopper, sign):
    """A checkout that was paid for, of these shops; its documents are read through the service."""

    def buy(*shops, **wanted):
        placed = call("check_out", shopper, **a_request(sign(a_quote(shopper, *shops)), **wanted))
        peers.answer_all()
        if wanted.get("payment_method", "wechat") == "wechat":
            peers.pays()
        return call("get_checkout", shopper, checkout_id=placed["checkout_id"])

    return buy
