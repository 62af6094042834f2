"""Requests that wait in a running service for the same method, behind one that is being answered."""

import json
import time
from contextlib import suppress

import amqp
import pytest
from sqlalchemy import text

from shared.ids import new_id
from shared.link import connect
from shared.testing import eventually
from shared.tests.raw_rpc import rpc_client_of

WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
"""


class Table:
    """Sends requests that wait behind one whose transaction does not end before `serve`."""

    def __init__(self, rpc_client, connection):
        self.client, self.connection, self.sent = rpc_client, connection, 0
        connection.execute(text("SELECT pg_advisory_lock(7)"))
        self.take(then="wait", key=str(new_id()))
        eventually(lambda: connection.execute(text(WAITING)).scalar())

    def take(self, body=None, *, then="", key=None, **headers):
        """Send a request; returns its number."""
        keyed = {"idempotency_key": key} if key else {}
        request = {"subject": "table", "party": str(new_id()), "then": then, **keyed}
        self.sent += 1
        whole = json.dumps({"args": [request], "kwargs": {}}).encode()
        self.client.send("take_seat", whole if body is None else body, number=self.sent, **headers)
        return self.sent

    def all_have_arrived(self):
        """Wait until the service has received all requests: an answer to one that was sent later has come."""
        assert self.client.call("times")["error"] is None

    def let_the_first_end(self):
        self.connection.execute(text("SELECT pg_advisory_unlock(7)"))

    def serve(self, answers=None):
        """Let the first transaction end; returns the answers by the numbers of their requests."""
        self.all_have_arrived()
        self.let_the_first_end()
        return dict(self.client.numbered_answer() for _ in range(answers or self.sent))


@pytest.fixture
def table(system, vhost, tally):
    with tally() as work:
        work.connection.execute(text("DELETE FROM tally WHERE subject = 'table'"))
    alone = tally.engine.execution_options(isolation_level="AUTOCOMMIT")
    with suppress(amqp.ConnectionForced), alone.connect() as connection, rpc_client_of(vhost) as rpc_client:
        yield Table(rpc_client, connection)
        connection.execute(text("SELECT pg_advisory_unlock_all()"))


def counted(tally):
    with tally() as work:
        return work.times("table")


def transactions(answers, numbers):
    return {answers[number]["result"]["transaction"] for number in numbers}


def dropped(service, reason):
    return service.metric(f'jishi_rpc_dropped_total{{reason="{reason}"}}')


def test_requests_that_wait_share_a_transaction_in_the_order_of_their_arrival(table):
    waiting = [table.take() for _ in range(10)]
    answers = table.serve()
    assert [answers[number]["result"]["number"] for number in waiting] == list(range(2, 12))
    assert len(transactions(answers, waiting)) == 1
    assert transactions(answers, waiting) != transactions(answers, [1])


def test_at_most_fifty_requests_share_a_transaction(table):
    waiting = [table.take() for _ in range(60)]
    answers = table.serve()
    assert len(transactions(answers, waiting[:50])) == 1
    assert len(transactions(answers, waiting)) == 2


def test_malformed_expired_and_forged_requests_do_not_disturb_those_they_wait_with(table, system):
    before = [dropped(system[0], reason) for reason in ("malformed", "expired")]
    first = table.take()
    forged = table.take(authorization="Bearer nonsense")
    misshapen = table.take(b'{"args": [{"subject": 5}], "kwargs": {}}')
    table.take(b"no JSON")
    table.take(deadline=str(time.time() - 1))
    last = table.take()
    answers = table.serve(answers=5)
    assert [answers[number]["error"]["code"] for number in (forged, misshapen)] == [
        "token_invalid",
        "request_invalid",
    ]
    assert len(transactions(answers, [first, last])) == 1
    after = [dropped(system[0], reason) for reason in ("malformed", "expired")]
    assert after == [number + 1 for number in before]


def test_the_deadline_of_one_request_does_not_end_another_that_waits_with_it(table, tally):
    """The other one is busy without the database at that time, so the passed deadline interrupts it."""
    soon = table.take(deadline=str(time.time() + 1))
    patient = table.take(then="pause")
    answers = table.serve()
    assert answers[patient]["error"] is None
    assert (answers[soon]["error"] or {"code": "deadline_passed"})["code"] == "deadline_passed"
    answered = sum(answer["error"] is None for answer in answers.values())
    assert counted(tally) == answered


def test_requests_that_wait_at_a_stop_are_answered_once_by_the_next_process(table, system, tally, channel):
    waiting = [table.take(key=f"at the stop {n}") for n in range(10)]
    table.all_have_arrived()
    service, _ = system
    service.stop_gracefully()
    eventually(lambda: consumers(channel) == 0)
    table.let_the_first_end()
    assert service.ended() == 0
    service.start(ready=False)
    answers = dict(table.client.numbered_answer() for _ in range(table.sent))
    assert sorted(answers[number]["result"]["number"] for number in (1, *waiting)) == list(range(1, 12))
    assert counted(tally) == 11


def test_requests_are_answered_once_although_their_channel_is_lost_before_the_answers(
    table, system, tally, servers, vhost, channel
):
    """They are delivered again, and get the stored answers."""
    for number in range(10):
        table.take(key=f"before the loss {number}")
    table.all_have_arrived()
    service, _ = system
    before = lost(service)
    servers.rabbitmqctl("close_all_connections", "--vhost", vhost.rsplit("/", 1)[1], "test")
    eventually(lambda: lost(service) > before)
    table.let_the_first_end()
    with connect(vhost) as connection:
        again = connection.channel()
        eventually(lambda: consumers(again) == 1)
    with rpc_client_of(vhost) as rpc_client:
        later = {"subject": "table", "party": str(new_id())}
        assert rpc_client.call("take_seat", later)["result"]["number"] == 12


@pytest.fixture
def channel(vhost):
    with suppress(amqp.ConnectionForced), connect(vhost) as connection:
        yield connection.channel()


def consumers(channel):
    return channel.queue_declare("rpc-tally", passive=True).consumer_count


def lost(service):
    return service.log().count("broker connection lost")
