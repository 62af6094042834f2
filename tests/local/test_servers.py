"""The private servers of a run folder."""

import stat
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pika
import psycopg2
import pytest
import redis

from local import databases, postgres, secret_files
from local.ports import Ports
from local.postgres import Postgres
from local.rabbitmq import RabbitMQ
from local.servers import Servers, ensure


def test_all_three_servers_answer_at_their_addresses(postgres_url, redis_url, amqp_vhost):
    with psycopg2.connect(postgres_url) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW fsync")  # of the test server, started with its settings
        assert cursor.fetchone() == ("off",)
    connection.close()
    with redis.from_url(redis_url) as client:
        assert client.ping()
    pika.BlockingConnection(pika.URLParameters(amqp_vhost)).close()


def test_a_server_is_durable_by_default(tmp_path):
    (usual,) = (server for server in Servers(tmp_path, given={}).own() if isinstance(server, Postgres))
    assert (usual.settings["fsync"], usual.settings.get("full_page_writes", "on")) == ("on", "on")
    assert Postgres(tmp_path, Ports(tmp_path), durable=False).settings["fsync"] == "off"


def test_the_last_log_of_a_server_outlives_its_data_in_memory(monkeypatch, tmp_path):
    monkeypatch.setattr(postgres, "MEMORY", tmp_path / "memory")
    data = tmp_path / "memory" / "of this run" / "postgres"
    data.mkdir(parents=True)
    (data / "server.log").write_text("a process was terminated by a signal")
    (tmp_path / "postgres.path").write_text(str(data))
    Postgres(tmp_path, Ports(tmp_path), durable=False).forget()
    assert not data.exists()
    assert (tmp_path / "postgres-last.log").read_text() == "a process was terminated by a signal"


def test_ensuring_again_or_concurrently_returns_the_same_servers(servers):
    with ThreadPoolExecutor() as pool:
        others = list(pool.map(ensure, [servers.run_dir] * 3))
    assert {other.postgres_url for other in others} == {servers.postgres_url}
    for other in others:
        other.stop()
    assert all(server.running() for server in servers.own())


def test_starting_a_running_broker_starts_no_second_one(servers):
    (broker,) = (server for server in servers.own() if isinstance(server, RabbitMQ))
    before = broker.pids()[0]
    broker.start()
    assert broker.pids()[0] == before


def test_an_address_in_the_environment_takes_precedence_and_its_server_is_left_alone(tmp_path):
    given = {
        "POSTGRES_URL": "postgresql://shop@db.example/postgres",
        "REDIS_URL": "redis://cache.example/3",
        "AMQP_URL": "amqp://broker.example/shop",
    }
    servers = Servers(tmp_path, given=given)
    assert (servers.postgres_url, servers.redis_url, servers.amqp_url) == tuple(given.values())
    assert servers.own() == []
    assert servers.create_vhost("any") == given["AMQP_URL"]


def test_a_service_cannot_connect_to_the_database_of_another(servers):
    urls = databases.create(servers, ["apart_catalog", "apart_orders"])
    try:
        stranger = urlsplit(urls["apart_catalog"].replace("+psycopg2", ""))
        with pytest.raises(psycopg2.OperationalError, match="permission denied"):
            psycopg2.connect(stranger._replace(path="/apart_orders").geturl())
        psycopg2.connect(stranger.geturl()).close()
    finally:
        databases.drop(servers, urls)


def test_creating_databases_again_changes_nothing(servers):
    first = databases.create(servers, ["twice_catalog"])
    try:
        assert databases.create(servers, ["twice_catalog"]) == first
    finally:
        databases.drop(servers, first)


def test_a_secret_is_created_once_and_readable_by_its_owner_only(tmp_path):
    word = secret_files.secret(tmp_path, "redis_password")
    assert secret_files.secret(tmp_path, "redis_password") == word
    assert stat.S_IMODE(secret_files.path(tmp_path, "redis_password").stat().st_mode) == 0o600
