"""A broker for the tests that run orders as processes."""

import json
import secrets

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from orders.service import OrdersService
from services.orders.tests.carrier_keys import LISTED
from shared import topology
from shared.link import connect


@pytest.fixture
def vhost(servers):
    name = f"test_{secrets.token_hex(4)}"
    yield servers.create_vhost(name)
    servers.delete_vhost(name)


@pytest.fixture
def keys(quote_key):
    """The settings with the keys of the processes."""
    pem = quote_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return {"TOKEN_PUBLIC_KEY": pem, "QUOTE_PUBLIC_KEY": pem, "CARRIERS": json.dumps(LISTED)}


@pytest.fixture
def channel(vhost):
    with connect(vhost) as connection:
        channel = connection.channel()
        topology.declare(channel, [OrdersService])
        yield channel
