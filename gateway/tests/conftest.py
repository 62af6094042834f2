"""The gateway with test doubles for its services; real keys, so that tokens are really checked."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from gateway import cache as answer_cache
from gateway.app import build
from gateway.cache import AnswerCache
from gateway.config import Config
from gateway.tests.doubles import Client, Services
from gateway.wakeups import Wakeups
from shared import auth


def new_keys():
    """The settings of a new key pair for access tokens."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {"TOKEN_PRIVATE_KEY": private.decode(), "TOKEN_PUBLIC_KEY": public.decode()}


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    for name, value in new_keys().items():
        monkeypatch.setenv(name, value)
    for cached in (auth._private_key, auth._public_keys, auth._read):
        cached.cache_clear()


@pytest.fixture
def services():
    return Services()


@pytest.fixture
def wakeups():
    return Wakeups()


@pytest.fixture
def config(tmp_path):
    return Config(amqp_url="", media_dir=tmp_path, heartbeat=0.05)


@pytest.fixture
def api(config, services, wakeups):
    """A client of the whole application, without broker and Redis."""
    return Client(build(config, services, wakeups))


@pytest.fixture
def cache(monkeypatch):
    """Cached answers that receive changes, and show no outdated page for a moment longer."""
    monkeypatch.setattr(answer_cache, "MOMENT", 0)
    opened = AnswerCache()
    opened.open()
    return opened
