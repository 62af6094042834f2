"""SG-9: timers survive restarts and wrong clocks; a saga ignores a timer that is not its own."""

from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from local import packages
from orders.service import OrdersService
from services.orders.tests.interruptions import Interrupted
from services.orders.tests.on_broker import OnTheBroker, all_ended, orders_processes, sagas
from services.orders.tests.quotes import a_quote, a_request
from shared.contracts.orders import WakeSaga
from shared.ids import new_id
from shared.relay.rows import LEASE, Lease, Rows
from shared.sagas import expiry
from shared.testing import deliver, eventually, service
from shared.testing.processes import processes

MINUTE = timedelta(minutes=1)
SKEWS = ["-1h", "+1h"]


def faketime():
    """The library that sets a process's clock; its monotonic clock is not changed."""
    packages.program("faketime", "faketime")
    return str(next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")))


def with_clock(process, skew):
    return process.through("dying", LD_PRELOAD=faketime(), FAKETIME=skew, DONT_FAKE_MONOTONIC="1")


@pytest.fixture
def place(call, shopper, sign):
    return lambda: call("check_out", shopper, **a_request(sign(a_quote(shopper))))["checkout_id"]


def timers(open_work, saga_id):
    """How long until the timers of a saga fire, by the database's clock."""
    query = (
        "SELECT not_before - now() FROM outbox WHERE subject = :id AND not_before IS NOT NULL AND sent_at IS NULL"
    )
    with open_work.engine.connect() as connection:
        return list(connection.execute(text(query), {"id": str(saga_id)}).scalars())


@pytest.mark.parametrize("skew", SKEWS)
def test_sg_09_the_payment_window_has_its_full_length_although_the_clock_of_the_process_is_wrong(
    open_work, database_url, vhost, keys, channel, place, skew
):
    service, relay = orders_processes(database_url, vhost, **keys)
    peers, checkout_id = OnTheBroker(open_work, channel, pays=False), place()
    with processes(with_clock(service, skew), relay):
        peers.answer_until(lambda: sagas(open_work)[checkout_id]["step"] == "take_payment")
        left = max(timers(open_work, sagas(open_work)[checkout_id]["saga_id"]))
        assert abs(left - 30 * MINUTE) < MINUTE
        fire_now(open_work)  # shortens the wait
        peers.answer_until(lambda: all_ended(open_work))
    assert sagas(open_work)[checkout_id]["status"] == "undone"


def fire_now(open_work):
    with open_work.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET not_before = now() WHERE not_before > now()")


def test_sg_09_a_timer_fires_although_service_and_relay_were_down_when_it_was_due(
    open_work, database_url, vhost, keys, channel, place
):
    service, relay = orders_processes(database_url, vhost, **keys)
    peers, checkout_id = OnTheBroker(open_work, channel, pays=False), place()
    with processes(service, relay):
        peers.answer_until(lambda: sagas(open_work)[checkout_id]["step"] == "take_payment")
    fire_now(open_work)
    with processes(service, relay):
        peers.answer_until(lambda: all_ended(open_work))
    assert sagas(open_work)[checkout_id]["reason"] == "take_payment_timed_out"


def test_sg_09_a_service_finds_a_command_that_expired_while_it_was_down(
    open_work, database_url, vhost, keys, place
):
    orders, _ = orders_processes(database_url, vhost, **keys)
    checkout_id = place()
    with open_work.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET sent_at = now() - interval '1 hour'")
    with processes(orders):
        eventually(lambda: sagas(open_work)[checkout_id]["reason"] == "reserve_stock_unanswered")


@contextmanager
def database_clock(open_work):
    """Sets the database's clock forward and back by functions that precede PostgreSQL's own."""
    with open_work.engine.begin() as connection:
        connection.exec_driver_sql("""
            CREATE SCHEMA clock;
            CREATE TABLE clock.ahead AS SELECT interval '0' AS by;
            CREATE FUNCTION clock.now() RETURNS timestamptz LANGUAGE sql STABLE
                AS 'SELECT pg_catalog.now() + by FROM clock.ahead';
            CREATE FUNCTION clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
                AS 'SELECT pg_catalog.clock_timestamp() + by FROM clock.ahead';
        """)
        name = connection.exec_driver_sql("SELECT current_database()").scalar_one()
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET search_path = clock, public, pg_catalog')
    open_work.engine.dispose()

    def put(by):
        with open_work.engine.begin() as connection:
            connection.execute(text("UPDATE clock.ahead SET by = :by"), {"by": by})

    yield put


def test_sg_09_a_database_clock_that_is_set_back_blocks_no_relay(open_work):
    with database_clock(open_work) as put:
        first, second = Rows(open_work.engine), Rows(open_work.engine)
        assert first.take_lease() is Lease.TAKEN
        assert second.take_lease() is Lease.HELD_BY_OTHER
        put(timedelta(hours=-1))
        assert second.take_lease() is Lease.TAKEN, f"the first lease would last an hour and {LEASE}"
        assert first.take_lease() is Lease.HELD_BY_OTHER


@pytest.mark.parametrize(("hours", "status"), [(1, "undoing"), (-1, "running")])
def test_sg_09_deadlines_of_commands_follow_the_clock_of_the_database_alone(open_work, place, hours, status):
    with database_clock(open_work) as put:
        checkout_id = place()
        relay = Rows(open_work.engine)
        relay.sent(relay.claim(100))
        put(timedelta(hours=hours))
        expiry.expire(open_work, service(OrdersService, open_work).sagas)
        assert sagas(open_work)[checkout_id]["status"] == status


@pytest.mark.parametrize(("hours", "fires"), [(1, True), (-1, False)])
def test_sg_09_timers_follow_the_clock_of_the_database_alone(open_work, place, hours, fires):
    """An hour forward ends a wait of half an hour; an hour back extends it, and blocks nothing else."""
    with database_clock(open_work) as put:
        peers, checkout_id = Interrupted(open_work), place()
        peers.answer_all()
        relay = Rows(open_work.engine)
        relay.sent(relay.claim(100))
        put(timedelta(hours=hours))
        saga_id = str(sagas(open_work)[checkout_id]["saga_id"])
        assert (saga_id in {row.subject for row in relay.claim(100)}) is fires
        peers.pays()
        assert sagas(open_work)[checkout_id]["status"] == "done"


def test_sg_09_a_timer_of_an_unknown_saga_or_an_earlier_attempt_changes_nothing(open_work, place):
    peers, checkout_id = Interrupted(open_work), place()
    peers.answer_all()
    before = sagas(open_work)[checkout_id]
    for saga_id, attempt in ((new_id(), before["attempt"]), (before["saga_id"], before["attempt"] - 1)):
        deliver(OrdersService, open_work, WakeSaga(saga_id=saga_id, attempt=attempt))
    assert sagas(open_work)[checkout_id] == before
