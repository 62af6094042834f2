"""The service with a real database and a key to sign quotes."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from marketing.pricing import tokens
from marketing.service import MarketingService
from services.marketing.tests.stored import offer
from shared.testing import service


@pytest.fixture
def marketing(open_work):
    return service(MarketingService, open_work)


@pytest.fixture
def quote_key(monkeypatch):
    """The public key of quotes as PEM; the private key is set."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    monkeypatch.setenv("QUOTE_PRIVATE_KEY", pem.decode())
    tokens._key.cache_clear()
    yield key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    tokens._key.cache_clear()


@pytest.fixture
def offered(open_work):
    """A campaign that is open now."""
    return offer(open_work)
