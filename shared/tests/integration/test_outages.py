"""A service whose servers fail or whose process is killed loses nothing and repeats nothing."""

import time

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from shared.contracts import catalog
from shared.ids import new_id
from shared.link import connect
from shared.testing import envelope, eventually
from shared.testing.databases import admin_url
from shared.testing.publishing import publish

RESERVED = 'jishi_deliveries_total{outcome="done",topic="catalog.reserve_stock.v1"}'


@pytest.fixture
def administrator(system_database):
    """Execute statements as superuser, outside of the service's database."""
    url = make_url(admin_url()).set(drivername="postgresql+psycopg2")
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    name = make_url(system_database).database

    def execute(statement):
        with engine.connect() as connection:
            return connection.execute(text(statement.format(name=name)))

    return execute


def reserve(tally, count):
    """Send tally `count` commands through its own outbox; returns their checkouts."""
    checkouts = [new_id() for _ in range(count)]
    with tally() as work:
        for checkout in checkouts:
            work.publish(catalog.ReserveStock(checkout_id=checkout, lines=()))
    return checkouts


def counts(tally, checkouts):
    with tally() as work:
        found = work.connection.execute(
            text("SELECT subject, times FROM tally WHERE subject = ANY(:s)"), {"s": [str(c) for c in checkouts]}
        )
        return dict(found.all())


def all_once(tally, checkouts):
    return counts(tally, checkouts) == {str(checkout): 1 for checkout in checkouts}


def dead_letters(tally):
    with tally() as work:
        return work.connection.execute(text("SELECT count(*) FROM dead_letter")).scalar()


def queue_length(vhost, name):
    with connect(vhost) as connection:
        return connection.channel().queue_declare(name, passive=True).message_count


def test_dl_09_without_a_database_messages_are_held_and_none_is_dead(system, tally, administrator, vhost):
    administrator('ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    try:
        administrator("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        eventually(lambda: system[0].page("/health/ready")[0] == 503, within=30)
        assert system[0].page("/health/live")[0] == 200
    finally:
        administrator('ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    checkouts = reserve(tally, 50)
    eventually(lambda: all_once(tally, checkouts), within=20)
    assert queue_length(vhost, "dead.tally") == 0
    assert dead_letters(tally) == 0


def test_dl_09_messages_that_arrive_without_a_database_are_held_and_use_up_no_tries(
    system, tally, administrator, vhost
):
    service, before = system[0], system[0].log().count("database down, holding messages")
    sealed = [envelope(catalog.ReserveStock(checkout_id=new_id(), lines=())) for _ in range(300)]
    administrator('ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    try:
        administrator("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        with connect(vhost) as connection:
            channel = connection.channel()
            for one in sealed:
                publish(channel, one)
        eventually(lambda: service.log().count("database down, holding messages") > before)
        began = time.monotonic()
        eventually(lambda: time.monotonic() - began > 5, within=10)  # longer than the retry ladder
        assert service.log().count("database down, holding messages") <= before + 2
        assert [failed(service, outcome) for outcome in ("later", "dead")] == [0, 0]
    finally:
        administrator('ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    eventually(lambda: all_once(tally, [one.body.checkout_id for one in sealed]), within=20)
    assert [failed(service, outcome) for outcome in ("later", "dead")] == [0, 0]


def failed(service, outcome):
    return service.metric(f'jishi_deliveries_total{{outcome="{outcome}",topic="catalog.reserve_stock.v1"}}')


def test_dl_11_a_stop_in_the_middle_loses_nothing_and_repeats_nothing(system, tally):
    service, _ = system
    before = service.metric(RESERVED)
    checkouts = reserve(tally, 600)
    eventually(lambda: service.metric(RESERVED) > before + 50, every=0.005)
    assert service.stop() == 0
    assert len(counts(tally, checkouts)) < len(checkouts), "the test must stop it before it has handled everything"
    service.start(ready=False)
    eventually(lambda: all_once(tally, checkouts), within=30)


def test_ob_09_ib_05_a_kill_in_the_middle_loses_nothing_and_repeats_nothing(system, tally):
    service, relay = system
    before = service.metric(RESERVED)
    checkouts = reserve(tally, 600)
    eventually(lambda: service.metric(RESERVED) > before + 50, every=0.005)
    service.kill()
    relay.kill()
    assert len(counts(tally, checkouts)) < len(checkouts), "the test must kill it before it has handled everything"
    for process in system:
        process.start(ready=False)
    eventually(lambda: all_once(tally, checkouts), within=30)
    with tally() as work:
        answers = work.connection.execute(
            text("SELECT count(*), count(DISTINCT subject) FROM outbox WHERE subject = ANY(:s) AND topic = :t"),
            {"s": [str(c) for c in checkouts], "t": "catalog.stock_reserved.v1"},
        ).one()
    assert tuple(answers) == (600, 600)


def test_connections_closed_by_the_broker_are_reopened(system, tally, servers, vhost):
    checkouts = reserve(tally, 300)
    servers.rabbitmqctl("close_all_connections", "--vhost", vhost.rsplit("/", 1)[1], "test")
    checkouts += reserve(tally, 300)
    eventually(lambda: all_once(tally, checkouts), within=20)
    assert all("broker connection lost" in process.log() for process in system)


def test_a_hanging_database_does_not_hang_the_health_page(system, tally):
    with tally() as work:
        tables = "inbox, tally, outbox"  # in the lock order of a handler, to avoid a deadlock
        work.connection.execute(text(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE"))
        started = time.monotonic()
        assert system[0].page("/health/live")[0] == 200
        assert time.monotonic() - started < 1
