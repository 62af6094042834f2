"""A consumer whose messages may wait for others: what it takes, with a condition that delivers while it waits."""

import threading
from types import SimpleNamespace

import pytest

from shared.consumer import Consumer

LINGER = 0.25


class Arriving(threading.Condition):
    """Instead of waiting for a time it lets `events` happen until what is waited for is so."""

    def __init__(self, *events):
        super().__init__()
        self.events, self.lingered = list(events), 0

    def wait_for(self, predicate, timeout=None):
        self.lingered += timeout is not None
        while not predicate() and self.events:
            self.events.pop(0)()
        return predicate()


def consumer(*events, linger=LINGER, batch=3):
    made = Consumer("users", "users:a", runner=None, mover=None, batch=batch, linger=linger)
    made._arrived = Arriving(*(lambda event=event: event(made) for event in events))
    return made


def arrives(number, *, redelivered=False):
    message = SimpleNamespace(number=number, channel=object(), delivery_info={"redelivered": redelivered})
    return lambda consumer: consumer._receive(message)


def taken(consumer):
    return [message.number for _, message in consumer._take()]


def test_a_message_waits_for_others_until_the_batch_is_full():
    assert taken(consumer(arrives(1), arrives(2), arrives(3), arrives(4))) == [1, 2, 3]


def test_a_message_waits_only_for_a_time():
    some = consumer(arrives(1), arrives(2))
    assert taken(some) == [1, 2]
    assert some._arrived.lingered == 1


def test_what_arrived_during_the_last_batch_waits_for_others_too():
    some = consumer()
    arrives(1)(some)
    some._arrived.events.append(lambda: arrives(2)(some))
    assert taken(some) == [1, 2]


def test_without_a_time_to_linger_nothing_waits():
    some = consumer(arrives(1), arrives(2), linger=0.0)
    assert taken(some) == [1]
    assert some._arrived.lingered == 0


def test_a_redelivered_message_does_not_wait():
    assert taken(consumer(arrives(1, redelivered=True), arrives(2))) == [1]


@pytest.mark.parametrize("rest", [[], [arrives(2)]], ids=["stops", "stops-with-messages"])
def test_a_consumer_that_is_stopped_while_a_message_waits_takes_none(rest):
    assert taken(consumer(arrives(1), *rest, lambda consumer: consumer._stopping.set())) == []


def test_when_the_channel_is_lost_while_a_message_waits_the_next_ones_are_waited_for():
    assert taken(consumer(arrives(1), lambda consumer: consumer.lost(), arrives(2), arrives(3))) == [2, 3]
