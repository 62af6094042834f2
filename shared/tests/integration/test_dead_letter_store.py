"""Dead letters in real processes: from the broker to the table, and by a retry to their queue."""

import threading

import amqp
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from shared.contracts import catalog
from shared.contracts.operating.requests import RetryDeadLetter
from shared.ids import new_id
from shared.link import connect
from shared.operating import dead_letter_actions
from shared.testing import envelope, eventually
from shared.testing.databases import admin_url
from shared.testing.publishing import publish

OPEN = 'jishi_dead_letters{topic="catalog.release_stock.v1"}'


@pytest.fixture
def channel(system, vhost):
    with connect(vhost) as connection:
        yield connection.channel()


@pytest.fixture
def dead_letters(tally):
    """The dead letters of a message id, or with a body."""

    def find(*, of=None, body=None):
        with tally.engine.connect() as connection:
            rows = text("SELECT * FROM dead_letter WHERE message_id = :of OR body = :body ORDER BY dead_letter_id")
            return connection.execute(rows, {"of": of, "body": body}).mappings().all()

    return find


@pytest.fixture
def broken_tally(tally):
    """Make tally's inserts fail; calling the fixture repairs them."""

    def execute(*statements):
        with tally.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    execute(
        "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'tally is broken'; END $$",
        "CREATE TRIGGER broken BEFORE INSERT ON tally FOR EACH ROW WHEN (NEW.subject <> 'tick')"
        " EXECUTE FUNCTION broken()",
    )
    is_broken = [True]

    def repair():
        if is_broken.pop():
            execute("DROP TRIGGER broken ON tally", "DROP FUNCTION broken")
        is_broken.append(False)

    yield repair
    repair()


def publish_one(tally):
    """Send tally a command through its own outbox; returns the command and its message id."""
    command = catalog.ReleaseStock(checkout_id=new_id())
    with tally() as work:
        return command, work.publish(command)


def retry(tally, dead_letter):
    with tally() as work:
        return dead_letter_actions.retry(
            work, "ann", RetryDeadLetter(dead_letter_id=dead_letter["dead_letter_id"])
        )


def times(tally, subject):
    with tally() as work:
        return work.times(subject)


def test_dl_07_a_dead_letter_is_retried_after_its_cause_is_fixed_and_takes_effect_once(
    system, tally, dead_letters, broken_tally
):
    command, message_id = publish_one(tally)
    (dead_letter,) = eventually(lambda: dead_letters(of=message_id), within=20)
    assert "tally is broken" in dead_letter["message"]
    eventually(lambda: system[0].metric(OPEN) == 1)
    broken_tally()
    clicks = [threading.Thread(target=retry, args=(tally, dead_letter)) for _ in range(4)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    eventually(lambda: times(tally, command.checkout_id) == 1)
    eventually(lambda: system[0].metric(OPEN) == 0)
    with tally.engine.connect() as connection:
        sent = text(
            "SELECT count(*) FROM outbox WHERE kind = 'again' AND message_id = :of AND sent_at IS NOT NULL"
        )
        assert eventually(lambda: connection.execute(sent, {"of": message_id}).scalar()) == 1
    assert len(dead_letters(of=message_id)) == 1


def test_dl_07_a_retry_that_fails_is_a_new_dead_letter_with_the_time_of_the_first_failure(
    system, tally, dead_letters, broken_tally
):
    command, message_id = publish_one(tally)
    (first,) = eventually(lambda: dead_letters(of=message_id), within=20)
    retry(tally, first)
    closed, second = eventually(
        lambda: dead_letters(of=message_id) if len(dead_letters(of=message_id)) > 1 else None, within=20
    )
    assert (closed["state"], second["state"]) == ("retried", "open")
    assert (second["retried"], second["attempts"]) == (1, first["attempts"])
    assert second["first_failed_at"] == first["first_failed_at"] < second["last_failed_at"]
    assert bytes(second["body"]) == bytes(first["body"])
    broken_tally()
    retry(tally, second)
    eventually(lambda: times(tally, command.checkout_id) == 1)


def test_dl_07_without_a_database_dead_letters_remain_on_the_broker_and_are_stored_afterwards(
    system, channel, dead_letters, system_database, tally
):
    name = make_url(system_database).database
    admin = create_engine(
        make_url(admin_url()).set(drivername="postgresql+psycopg2"),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
    )
    body = f"not json {new_id()}".encode()
    with admin.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        try:
            connection.execute(
                text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            )
            channel.basic_publish_confirm(amqp.Message(body, delivery_mode=2), "", "dead.tally")
            eventually(
                lambda: "holding messages" in system[0].log() and "dead.tally" in system[0].log(), within=30
            )
        finally:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    tally.engine.dispose()  # its connections are among the terminated ones
    eventually(lambda: dead_letters(body=body), within=20)
    assert len(dead_letters(body=body)) == 1


def test_dl_07_a_process_that_is_killed_loses_no_dead_letter_and_stores_none_twice(
    system, channel, dead_letters, tally
):
    bodies = [f"not json {place} {new_id()}".encode() for place in range(600)]
    with tally.engine.connect() as other:
        for body in bodies[:300]:
            channel.basic_publish_confirm(amqp.Message(body, delivery_mode=2), "", "dead.tally")
        eventually(lambda: all(dead_letters(body=body) for body in bodies[:300]))
        other.execute(text("LOCK TABLE dead_letter IN SHARE MODE"))  # the store can read but not write
        for body in bodies[300:]:
            channel.basic_publish_confirm(amqp.Message(body, delivery_mode=2), "", "dead.tally")
        eventually(lambda: storing(other))
        system[0].kill()
    system[0].start()
    eventually(lambda: all(dead_letters(body=body) for body in bodies))
    assert [len(dead_letters(body=body)) for body in bodies] == [1] * len(bodies)


def storing(connection):
    """Whether a process waits in the middle of storing dead letters."""
    waiting = "SELECT count(*) FROM pg_locks WHERE relation = 'dead_letter'::regclass AND NOT granted"
    return connection.execute(text(waiting)).scalar_one()


def test_after_a_restart_the_metric_counts_all_open_dead_letters(system, channel, dead_letters, tally):
    sealed = envelope(catalog.StockLow(sku_id=new_id(), product_id=new_id(), shop_id=new_id(), available=-1))
    publish(channel, sealed)
    eventually(lambda: dead_letters(of=sealed.message_id))
    assert system[0].stop() == 0
    system[0].start()
    eventually(lambda: system[0].metric('jishi_dead_letters{topic="catalog.stock_low.v1"}') == 1)


def test_dl_10_a_dead_letter_with_invalid_amqp_properties_is_stored(system, channel, dead_letters):
    bodies = [f"{new_id()}".encode() for _ in range(2)]
    for message in (
        amqp.Message(bodies[0], correlation_id=NotText("?"), delivery_mode=2),
        amqp.Message(bodies[1], content_type=NotText("?"), delivery_mode=2),
    ):
        channel.basic_publish_confirm(message, "", "dead.tally")
    eventually(lambda: all(dead_letters(body=body) for body in bodies))
    eventually(system[0].is_ready)


class NotText(str):
    """A property that is not valid UTF-8, as AMQP requires."""

    __slots__ = ()

    def encode(self, *_):
        return b"\xff\xfe"
