"""Models and sagas are tested without I/O; the other tests have a real database each. Nothing is mocked.

Quotes are signed with a key of the tests. The contract test in services/marketing and the end-to-end tests check
that marketing's tokens have the same form.
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
    """The private key that signs quotes."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    monkeypatch.setenv("QUOTE_PUBLIC_KEY", public.decode())
    quote_tokens._key.cache_clear()
    yield key
    quote_tokens._key.cache_clear()


@pytest.fixture
def sign(quote_key):
    """Sign claims as marketing does."""
    return partial(jwt.encode, key=quote_key, algorithm="EdDSA")


@pytest.fixture
def shopper():
    return Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.SHOPPER}))


@pytest.fixture
def merchant():
    """The owner of a shop."""
    return Caller(
        user_id=new_id(), session_id=new_id(), roles=frozenset({Role.MERCHANT}), shops=frozenset({new_id()})
    )


@pytest.fixture
def call(open_work):
    """Call the service as its RPC entrypoint does, with a new instance for each call."""

    def call(method, caller, **request):
        return getattr(service(OrdersService, open_work), method)(caller, request)

    return call


@pytest.fixture
def peers(open_work):
    """The other services, which accept every command by default."""
    return Peers(open_work)


@pytest.fixture
def confirmed(call, peers, shopper, sign):
    """Place and confirm a checkout of these shops; returns it as the service does."""

    def buy(*shops, **wanted):
        placed = call("check_out", shopper, **a_request(sign(a_quote(shopper, *shops)), **wanted))
        peers.answer_all()
        if wanted.get("payment_method", "wechat") == "wechat":
            peers.pays()
        return call("get_checkout", shopper, checkout_id=placed["checkout_id"])

    return buy
