"""What waits in the queues of a service is handled in one transaction, and each queue gets its own outcomes."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from tally.service import Tally

from shared import joint as joints
from shared.batches import Batches, DatabaseDown
from shared.contracts import catalog
from shared.delivery import Dead, Delivery, Done, Later, Policy
from shared.handlers import handlers
from shared.ids import new_id
from shared.joint import Joint
from shared.testing import envelope, eventually, published, service
from shared.testing.broker_free import delivery

SOLD_OUT = 0  # units with which tally's handler fails


def released():
    return envelope(catalog.ReleaseStock(checkout_id=new_id()))


def reserved():
    return envelope(catalog.ReserveStock(checkout_id=new_id(), lines=()))


def low(available=7):
    return envelope(catalog.StockLow(sku_id=new_id(), product_id=new_id(), shop_id=new_id(), available=available))


def withdrawn():
    return envelope(catalog.ProductWithdrawn(product_id=new_id(), shop_id=new_id(), version=1))


class Queues:
    """Brings batches of messages, each from a thread of its own, while the first of them is held up."""

    def __init__(self, open_work, pool):
        self.open_work, self.joint, self._pool = open_work, Joint(), pool
        self.policy = Policy(immediate=0)

    def bring(self, *sealed):
        """Bring a batch of one topic; returns the future of its outcomes."""
        deliveries = [one if isinstance(one, Delivery) else delivery(one) for one in sealed]
        (topic,) = {one.body.topic for one in sealed if not isinstance(one, Delivery)}
        return self._pool.submit(self.joint.run, self.batches(topic), deliveries)

    def batches(self, topic):
        instance = lambda: service(Tally, self.open_work)  # noqa: E731
        return Batches(topic, handlers(Tally)[topic], instance, self.open_work, policy=self.policy)

    def bring_together(self, *batches):
        """Bring these batches, in this order, during the transaction of another; returns their outcomes."""
        with self.held():
            brought = []
            for number, batch in enumerate(batches, start=1):
                brought.append(self.bring(*batch))
                eventually(lambda number=number: len(self.joint._brought) == number)
        return [each.result(20) for each in brought]

    def held(self):
        return Held(self)

    def transactions(self, *sealed):
        """The ids of the transactions that have handled these messages."""
        ids = [str(one.message_id) for one in sealed]
        query = text("SELECT DISTINCT xmin::text FROM inbox WHERE message_id = ANY(CAST(:ids AS uuid[]))")
        with self.open_work.engine.connect() as connection:
            return set(connection.execute(query, {"ids": ids}).scalars())

    def is_held_up(self):
        """Whether a transaction waits for a lock."""
        waiting = "wait_event_type = 'Lock' AND datname = current_database()"
        with self.open_work.engine.connect() as connection:
            return connection.execute(text(f"SELECT count(*) FROM pg_stat_activity WHERE {waiting}")).scalar()

    def times(self, subject):
        with self.open_work() as work:
            return work.times(subject)


class Held:
    """A block during which a transaction of the queues waits for a lock."""

    def __init__(self, queues):
        self.queues = queues

    def __enter__(self):
        self.connection = self.queues.open_work.engine.connect()
        message = released()
        self.connection.execute(
            text("INSERT INTO tally VALUES (:subject, 0)"), {"subject": str(message.body.checkout_id)}
        )
        self.first = self.queues.bring(message)
        eventually(self.queues.is_held_up)

    def __exit__(self, *_):
        self.connection.rollback()
        self.connection.close()
        assert self.first.result(20) == [Done()]


@pytest.fixture
def queues(open_work, monkeypatch):
    monkeypatch.setattr(joints, "PATIENCE", 30.0)
    with ThreadPoolExecutor(12) as pool:
        yield Queues(open_work, pool)


def test_batches_that_are_brought_during_a_transaction_share_the_next_one(queues):
    batches = [[released(), released()], [reserved()], [withdrawn()], [low()]]
    assert queues.bring_together(*batches) == [[Done()] * len(batch) for batch in batches]
    everything = [sealed for batch in batches for sealed in batch]
    assert len(queues.transactions(*everything)) == 1


def test_a_lonely_batch_is_handled_at_once(queues):
    assert queues.bring(released(), released()).result(10) == [Done(), Done()]


def test_a_topic_that_fails_loses_and_repeats_no_effect_of_the_others(queues):
    first, failing, last = [released(), released()], [low(), low(SOLD_OUT), low()], [reserved()]
    outcomes = queues.bring_together(first, failing, last)
    assert outcomes[0] == [Done(), Done()]
    assert [type(one) for one in outcomes[1]] == [Done, Later, Done]
    assert outcomes[2] == [Done()]
    assert {queues.times(one.body.checkout_id) for one in (*first, *last)} == {1}
    assert [queues.times(one.body.sku_id) for one in failing] == [1, 0, 1]
    sent = [str(one.checkout_id) for one in published(queues.open_work)]
    assert len(sent) == len(set(sent))
    assert {str(one.body.checkout_id) for one in first} < set(sent)


def test_a_message_that_comes_again_after_its_topic_failed_takes_effect_once(queues):
    message = released()
    queues.bring_together([message], [low(SOLD_OUT)])
    queues.bring_together([message], [reserved()])
    assert queues.times(message.body.checkout_id) == 1


def test_an_unreadable_message_has_an_outcome_of_its_own(queues):
    broken, good, other = Delivery(b"no JSON", {}, redelivered=False), released(), reserved()
    outcomes = queues.bring_together([good, broken], [other])
    assert [type(one) for one in outcomes[0]] == [Done, Dead]
    assert outcomes[1] == [Done()]
    assert len(queues.transactions(good, other)) == 1


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_batch_with_a_redelivered_message_is_handled_alone(queues, place):
    batches = [[released()], [reserved()], [low()]]
    batches[place] = [replace(batches[place][0], redelivered=True)]
    assert queues.bring_together(*batches) == [[Done()]] * 3
    (suspicious,) = queues.transactions(*batches[place])
    others = [sealed for at, batch in enumerate(batches) if at != place for sealed in batch]
    assert suspicious not in queues.transactions(*others)


def test_a_transaction_has_a_limited_number_of_messages(queues, monkeypatch):
    monkeypatch.setattr(joints, "MOST", 4)
    batches = [[released(), released()], [reserved(), reserved()], [low()], [withdrawn()]]
    queues.bring_together(*batches)
    both, rest = [*batches[0], *batches[1]], [*batches[2], *batches[3]]
    assert len(queues.transactions(*both)) == len(queues.transactions(*rest)) == 1
    assert queues.transactions(*both) != queues.transactions(*rest)


def test_a_batch_larger_than_that_is_handled_nevertheless(queues, monkeypatch):
    monkeypatch.setattr(joints, "MOST", 2)
    assert queues.bring(released(), released(), released()).result(10) == [Done()] * 3


def test_a_second_transaction_begins_beside_one_that_takes_long(queues, monkeypatch):
    monkeypatch.setattr(joints, "PATIENCE", 0.2)
    with queues.held():
        other = queues.bring(reserved())
        assert other.result(10) == [Done()]  # while the first one still waits


def test_no_second_transaction_begins_beside_a_short_one(queues):
    message = reserved()
    with queues.held():
        other = queues.bring(message)
        eventually(lambda: len(queues.joint._brought) == 1)
        assert not other.done()
        assert queues.transactions(message) == set()
    assert other.result(10) == [Done()]


def test_there_are_never_more_transactions_than_workers(queues, monkeypatch):
    monkeypatch.setattr(joints, "PATIENCE", 0.01)
    queues.joint = Joint(workers=1)
    with queues.held():
        other = queues.bring(reserved())
        with pytest.raises(TimeoutError):
            other.result(0.3)
    assert other.result(10) == [Done()]


def test_an_outage_is_told_to_everyone_who_brought_a_batch(queues, monkeypatch):
    gone = OperationalError("SELECT 1", {}, Exception("gone"), connection_invalidated=True)
    messages = [released()], [reserved()], [low()]
    real, entered = Batches._once, threading.Event()

    def fail_but_the_first(batches, parts):
        if entered.is_set():
            raise gone
        entered.set()
        return real(batches, parts)

    monkeypatch.setattr(Batches, "_once", fail_but_the_first)
    with queues.held():
        brought = [queues.bring(*batch) for batch in messages]
        eventually(lambda: len(queues.joint._brought) == 3)
    for one in brought:
        with pytest.raises(DatabaseDown):
            one.result(10)
    monkeypatch.setattr(Batches, "_once", real)
    assert queues.bring_together(*messages) == [[Done()]] * 3  # they are brought again
    assert queues.times(messages[0][0].body.checkout_id) == 1


def test_an_outage_after_some_topics_were_handled_alone_is_told_to_the_others_only(queues, monkeypatch):
    """Together they fail; then the first is handled alone, and the database is lost before the second."""
    gone = OperationalError("SELECT 1", {}, Exception("gone"), connection_invalidated=True)
    first, second = [released()], [reserved()]
    real, calls = Batches._once, []

    def fail(batches, parts):
        calls.append(len(parts))
        if calls == [1, 2]:
            raise RuntimeError("not together")
        if len(calls) == 4:
            raise gone
        return real(batches, parts)

    monkeypatch.setattr(Batches, "_once", fail)
    with queues.held():
        brought = []
        for number, batch in enumerate((first, second), start=1):
            brought.append(queues.bring(*batch))
            eventually(lambda number=number: len(queues.joint._brought) == number)
    assert brought[0].result(10) == [Done()]
    with pytest.raises(DatabaseDown):
        brought[1].result(10)
    assert queues.times(first[0].body.checkout_id) == 1


def test_one_method_for_several_topics_gets_the_messages_of_all_of_them_at_once(queues):
    """`withdrawn` has two methods, and each runs once for each of its messages."""
    messages = [withdrawn(), withdrawn()]
    queues.bring_together([messages[0]], [released()], [messages[1]])
    for message in messages:
        product_id = message.body.product_id
        assert queues.times(f"once {product_id}") == queues.times(f"again {product_id}") == 1


def test_a_message_that_two_queues_bring_at_once_takes_effect_once(queues):
    message = released()
    queues.bring_together([message], [message])
    assert queues.times(message.body.checkout_id) == 1
