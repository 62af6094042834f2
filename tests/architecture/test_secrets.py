"""Every process that signs or verifies reads its keys when it starts, so that invalid ones are found at once."""

import pytest

from gateway import app
from marketing.pricing import tokens
from orders.checkout import tokens as quote_tokens
from orders.fulfilment import carriers
from shared import auth
from shared.settings import WeakSecret
from shared.topology import service_class

CACHED = (auth._public_keys, auth._private_key, tokens._key, quote_tokens._key, carriers.known)


@pytest.fixture(autouse=True)
def empty_caches():
    for read in CACHED:
        read.cache_clear()
    yield
    for read in CACHED:
        read.cache_clear()


@pytest.mark.parametrize(
    ("service", "settings"),
    [
        ("users", ["TOKEN_PRIVATE_KEY"]),
        ("marketing", ["QUOTE_PRIVATE_KEY"]),
        ("orders", ["CARRIERS", "QUOTE_PUBLIC_KEY"]),
    ],
)
def test_a_service_reads_its_secrets_at_its_start(monkeypatch, service, settings):
    for setting in settings:
        monkeypatch.setenv(setting, "change-me")
    assert [refusal(read) for read in service_class(service).secrets] == settings


def refusal(read):
    with pytest.raises(WeakSecret) as refused:
        read()
    return str(refused.value)


def test_the_gateway_does_not_start_without_the_key_of_access_tokens(monkeypatch):
    monkeypatch.setenv("TOKEN_PUBLIC_KEY", "change-me")
    with pytest.raises(WeakSecret, match="TOKEN_PUBLIC_KEY"):
        app.create()
