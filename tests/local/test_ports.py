"""Ports that are chosen once for a folder."""

import socket

import pytest

from local.ports import Ports, is_free


@pytest.fixture
def listener():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_is_chosen_once_and_stored_in_the_folder(tmp_path):
    port = Ports(tmp_path).get("gateway")
    assert Ports(tmp_path).get("gateway") == port
    assert (tmp_path / "ports.json").read_text() == f'{{\n "gateway": {port}\n}}\n'


def test_no_two_names_share_a_port(tmp_path):
    ports = Ports(tmp_path)
    assert len({ports.get(f"process-{n}") for n in range(50)}) == 50


def test_ports_are_below_those_of_outgoing_connections(tmp_path):
    assert 20_000 <= Ports(tmp_path).get("gateway") < 32_000


def test_a_stored_port_that_is_in_use_elsewhere_is_replaced(tmp_path, listener):
    ports = Ports(tmp_path)
    (tmp_path / "ports.json").write_text(f'{{"postgres": {listener}}}')
    assert ports.free("postgres") != listener
    assert ports.get("postgres") != listener


def test_a_preferred_port_is_used_only_if_free_and_replaces_no_stored_one(tmp_path, listener):
    ports = Ports(tmp_path)
    ports.prefer("gateway", listener)
    assert ports.get("gateway") != listener
    free = ports.get("sandbox")
    ports.prefer("gateway", free)
    assert ports.get("gateway") != free


def test_a_udp_port_in_use_is_not_free():
    with socket.socket(type=socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        assert not is_free(other.getsockname()[1])
