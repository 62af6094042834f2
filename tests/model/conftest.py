"""The model of the whole shop: real databases and handlers, no broker, and a payment provider in memory."""

import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from marketing.pricing import tokens
from orders.checkout import tokens as quote_tokens
from payments.service import PaymentsService
from shared import auth

sys.path.append(str(Path(__file__).parents[2]))  # last: packages take precedence over folders of their names
from services.orders.tests.carrier_keys import set_carriers
from services.payments.tests.fake_wechat import FakeWeChatPay
from tests.model.world import World


@pytest.fixture
def quote_keys(monkeypatch):
    yield from new_keys(monkeypatch, "QUOTE", tokens._key, quote_tokens._key)


@pytest.fixture
def token_keys(monkeypatch):
    yield from new_keys(monkeypatch, "TOKEN", auth._private_key, auth._public_keys, auth._read)


def new_keys(monkeypatch, name, *cached):
    """A new key pair in the settings; cached keys are cleared before and after."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    monkeypatch.setenv(f"{name}_PRIVATE_KEY", private.decode())
    monkeypatch.setenv(f"{name}_PUBLIC_KEY", public.decode())
    for one in cached:
        one.cache_clear()
    yield
    for one in cached:
        one.cache_clear()


@pytest.fixture
def world(quote_keys, monkeypatch):
    """The four services, each on its own database."""
    set_carriers(monkeypatch)
    wechat = FakeWeChatPay()
    monkeypatch.setitem(PaymentsService.providers.registry.adapters, "wechat", wechat)
    built = World(wechat)
    yield built
    built.close()
