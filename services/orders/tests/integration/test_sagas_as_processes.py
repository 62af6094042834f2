"""The sagas of orders in real processes with a real broker: two at once, killed at every step, and restarted."""

import signal
from concurrent.futures import ThreadPoolExecutor

import amqp
import pytest

from orders.sagas import SAGAS
from orders.service import OrdersService
from services.orders.tests.on_broker import OnTheBroker, all_ended, orders_processes, sagas
from services.orders.tests.quotes import a_benefit, a_quote, a_quoted_shop, a_request
from shared import message_encoding, topology
from shared.link import connect
from shared.sagas import history, store
from shared.testing.processes import processes

BY_NAME = {saga.name: saga for saga in SAGAS}


@pytest.fixture
def peers(open_work, channel):
    return OnTheBroker(open_work, channel)


@pytest.fixture
def place(call, shopper, sign):
    """Check out a quote of two shops with a coupon."""

    def check_out():
        quote = a_quote(shopper, a_quoted_shop(), a_quoted_shop(), benefits=[a_benefit()])
        return call("check_out", shopper, **a_request(sign(quote)))

    return check_out


def replays_give_what_is_stored(open_work):
    with open_work() as work:
        for row in sagas(open_work).values():
            saga = BY_NAME[row["name"]]
            (found,) = store.lock(work.connection, [row["saga_id"]])
            rows = store.history(work.connection, row["saga_id"])
            assert history.replay(saga, rows) == found.instance(saga)


def test_sg_02_two_processes_that_receive_messages_of_a_saga_at_once_lose_nothing(
    open_work, database_url, vhost, keys, peers, place, monkeypatch
):
    """The reply to OpenPayment and the capture arrive at once, in two queues that both processes consume."""
    monkeypatch.setenv("OPEN_CHECKOUTS_LIMIT", "20")  # one shopper for many
    first, relay = orders_processes(database_url, vhost, **keys)
    second, _ = orders_processes(database_url, vhost, **keys)
    with processes(first, second, relay):
        with ThreadPoolExecutor(4) as shoppers:
            placed = [one.result() for one in [shoppers.submit(place) for _ in range(20)]]
        peers.answer_until(lambda: all_ended(open_work), within=90)
        handled = [sum(int(line.rsplit(" ", 1)[1].split(".")[0]) for line in done(one)) for one in (first, second)]
    assert {saga["status"] for saga in sagas(open_work).values()} == {"done"}
    assert {saga["met"][0] for saga in sagas(open_work).values()} == {"take_payment"}
    assert len(sagas(open_work)) == len(placed)
    assert min(handled) > 0, "one process handled everything"
    replays_give_what_is_stored(open_work)


def done(process):
    lines = process.page("/metrics")[1].splitlines()
    return [line for line in lines if line.startswith('jishi_deliveries_total{outcome="done"')]


@pytest.mark.parametrize(
    ("of", "step"),
    [
        ("service", "shared.sagas.engine:Engine.receive after"),  # all written, nothing committed
        ("service", "shared.db:wake_relay before"),  # committed, not published, not acknowledged
        ("relay", "shared.relay.publisher:Publisher.publish after"),  # published, not marked
        ("relay", "shared.relay.rows:Rows.claim after"),  # marked with a claim, of which nothing is published
    ],
)
def test_sg_03_a_saga_whose_process_is_killed_repeatedly_ends(
    open_work, database_url, vhost, keys, peers, place, call, shopper, of, step
):
    """Each new process gets one call further than the one before it."""
    service, relay = orders_processes(database_url, vhost, **keys)
    dying, other = (service, relay) if of == "service" else (relay, service)
    placed, deaths = place(), 0
    with processes(other):
        while not (deaths and all_ended(open_work)):
            process = dying.through("dying", DIES_AT=step, DIES_ON=str(deaths + 1)).start(ready=False)
            expire_lease(open_work)
            peers.answer_until(lambda process=process: process.has_ended() or all_ended(open_work), within=60)
            deaths += process.has_ended()
            process.kill()
    assert deaths >= 2
    assert call("get_checkout", shopper, checkout_id=placed["checkout_id"])["state"] == "confirmed"
    replays_give_what_is_stored(open_work)


def expire_lease(open_work):
    with open_work.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE relay_lease SET until = now()")


def test_sg_19_the_queues_of_all_replies_exist_before_requests_are_accepted(open_work, database_url, vhost, keys):
    """The process dies when its last consumer is open: all its queues exist, and no requests are read yet."""
    consumers = str(len(topology.service_queues(OrdersService)))  # one per topic, and the dead letters
    service, _ = orders_processes(database_url, vhost, **keys)
    dying = service.through("dying", DIES_AT="shared.consumer:Consumer.opened after", DIES_ON=consumers)
    assert dying.start(ready=False).ended() == -signal.SIGKILL
    with connect(vhost) as connection:
        channel = connection.channel()
        for answer in {answer for saga in SAGAS for answer in saga.answers}:
            channel.queue_declare(message_encoding.queue_name("orders", answer.topic), passive=True)
        with pytest.raises(amqp.NotFound):
            channel.queue_declare("rpc-orders", passive=True)


def test_sg_19_replies_published_while_no_process_runs_are_received_by_the_next_one(
    open_work, database_url, vhost, keys, peers, place
):
    service, relay = orders_processes(database_url, vhost, **keys)
    place()
    with processes(relay):
        peers.answer_until(lambda: peers.answered)
        with processes(service):
            peers.answer_until(lambda: all_ended(open_work))
    assert {saga["status"] for saga in sagas(open_work).values()} == {"done"}
