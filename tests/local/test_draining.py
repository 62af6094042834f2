"""Whether a system is drained, and the report if it is not. Real databases and a real broker."""

import pika
import pytest
from sqlalchemy import create_engine, text

from local import draining, system
from local.waiting import TooLate
from orders.service import OrdersService
from shared import topology
from shared.delivery import Policy
from shared.link import connect
from shared.testing import eventually, fresh_database
from shared.testing.databases import drop_database

HOME = "orders:catalog.stock_reserved.v1"
ROW = text("""
    INSERT INTO outbox (message_id, topic, kind, subject, body, headers, not_before, sent_at, error)
    VALUES (gen_random_uuid(), 'orders.order_placed.v1', 'event', 'o', '{}', '{}',
            now() + CAST(:later AS interval), now() - CAST(:sent AS interval), :error)
""")
SAGA = text("""
    INSERT INTO saga (saga_id, name, business_key, version, status, step, attempt, tries, undo, met, state)
    VALUES (gen_random_uuid(), 'orders.checkout', :key, 1, :status, :step, 1, 1, '[]', '[]', '{}')
    RETURNING saga_id
""")
LOCK = text("INSERT INTO saga_lock (resource, saga_id) VALUES ('order 1', :saga_id)")


@pytest.fixture
def url():
    made = fresh_database("orders")
    yield made
    drop_database(made)


@pytest.fixture
def run(url):
    """Run a statement in the database of orders."""
    engine = create_engine(url)

    def call(statement, **terms):
        with engine.begin() as connection:
            return connection.execute(statement, terms)

    yield call
    engine.dispose()


@pytest.fixture
def vhost(servers):
    name = "draining"
    address = servers.create_vhost(name)
    with connect(address) as connection:
        topology.declare(connection.channel(), [OrdersService], Policy(rungs=(600,)))
    yield address
    servers.delete_vhost(name)


@pytest.fixture
def site(url, vhost, tmp_path):
    return system.Site(run_dir=tmp_path, databases={"orders": url}, amqp_url=vhost, redis_url="", ports=None)


@pytest.fixture
def channel(vhost):
    connection = pika.BlockingConnection(pika.URLParameters(vhost))
    channel = connection.channel()
    channel.confirm_delivery()
    yield channel
    connection.close()


def row(run, *, later=None, sent=None, error=None):
    run(ROW, later=later, sent=sent, error=error)


def test_a_sent_message_or_a_future_timer_is_not_waited_for(site, servers, run):
    row(run, sent="1 second")
    row(run, later="1 hour")
    assert draining.in_progress(site, servers) == []


@pytest.mark.parametrize("how", [{}, {"later": "-1 second"}, {"later": "1 minute", "error": "unroutable"}])
def test_an_unsent_row_that_is_due_is_waited_for(site, servers, run, how):
    row(run, **how)
    assert draining.in_progress(site, servers) == ["orders: 1 unsent"]


@pytest.mark.parametrize(
    ("exchange", "key", "place"),
    [("", HOME, HOME), ("retry.600s", HOME, "retry.600s"), ("", "dead.orders", "dead.orders")],
)
def test_a_message_in_a_queue_is_waited_for_as_soon_as_the_broker_has_it(
    site, servers, channel, exchange, key, place
):
    channel.basic_publish(exchange, key, b"on its way")
    assert draining.in_progress(site, servers) == [f"{place}: 1 in the queue"]


def test_a_message_that_is_being_handled_is_waited_for(site, servers, channel):
    channel.basic_publish("", HOME, b"on its way")
    method, _, _ = channel.basic_get(HOME)
    assert draining.in_progress(site, servers) == [f"{HOME}: 1 in the queue"]
    channel.basic_ack(method.delivery_tag)
    assert eventually(lambda: draining.in_progress(site, servers) == [])


def test_rule_17_a_message_held_in_dead_lettering_is_waited_for(site, servers, channel):
    arguments = {
        "x-queue-type": "quorum",
        "x-message-ttl": 1,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": "nowhere",
        **topology.SAFE_DEAD_LETTERING,
    }
    channel.queue_declare("holding", durable=True, arguments=arguments)
    channel.basic_publish("", "holding", b"held")
    counted = lambda: channel.queue_declare("holding", passive=True).method.message_count  # noqa: E731
    assert eventually(lambda: counted() == 0)
    assert draining.in_progress(site, servers) == ["holding: 1 in the queue"]


@pytest.mark.parametrize(
    ("status", "step", "moves"),
    [
        ("running", "reserve_stock", True),
        ("undoing", "take_payment", True),
        ("waiting", None, True),
        ("running", "take_payment", False),
        ("stuck", "commit_stock", False),
        ("done", None, False),
    ],
)
def test_a_saga_is_waited_for_unless_it_waits_for_a_payment_or_an_operator(
    site, servers, run, status, step, moves
):
    run(SAGA, key="c", status=status, step=step)
    assert draining.in_progress(site, servers) == ([f"orders.checkout c: {status}, {step}"] if moves else [])


def test_a_saga_behind_one_that_waits_for_an_operator_is_not_waited_for(site, servers, run):
    for key, status, step in (("first", "stuck", "refund"), ("second", "waiting", None)):
        run(LOCK, saga_id=run(SAGA, key=key, status=status, step=step).scalar_one())
    assert draining.in_progress(site, servers) == []


def test_a_timeout_reports_what_is_left(site, servers, run):
    row(run)
    with pytest.raises(TooLate, match="orders: 1 unsent"):
        draining.wait_until_drained(site, servers, seconds=0.1)


def test_a_system_with_an_unavailable_database_is_not_drained(site, servers):
    site.databases["users"] = "postgresql+psycopg2://nobody:x@127.0.0.1:1/nothing"
    assert draining.in_progress(site, servers) == ["users's database: OperationalError"]
