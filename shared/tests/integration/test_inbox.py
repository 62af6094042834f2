"""A message takes effect once, however often it is delivered."""

import itertools
import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import event, text
from tally.service import Tally

from shared.batches import DatabaseDown
from shared.contracts import catalog
from shared.ids import new_id
from shared.testing import deliver, envelope, published


def withdrawn():
    return catalog.ProductWithdrawn(product_id=new_id(), shop_id=new_id(), version=1)


def times(open_work, subject="%"):
    with open_work() as work:
        return work.times(subject)


def test_ib_01_a_message_delivered_twice_takes_effect_once(open_work):
    release = catalog.ReleaseStock(checkout_id=new_id())
    (first,) = deliver(Tally, open_work, release)
    deliver(Tally, open_work, first)
    assert times(open_work) == 1


def test_ib_01_a_message_delivered_twice_in_one_batch_takes_effect_once(open_work):
    twice = envelope(catalog.ReserveStock(checkout_id=new_id(), lines=()))
    deliver(Tally, open_work, twice, replace(twice, redelivered=True))
    assert times(open_work) == 1


def test_a_handler_of_events_receives_no_replies_and_vice_versa(open_work):
    event = catalog.StockReserved(checkout_id=new_id())
    deliver(Tally, open_work, event)
    assert times(open_work) == 0
    deliver(Tally, open_work, envelope(event, in_reply_to=new_id()))
    assert times(open_work, f"answered {event.checkout_id}") == 1
    deliver(Tally, open_work, envelope(withdrawn(), in_reply_to=new_id()))
    assert times(open_work) == 1


def test_ib_02_a_message_delivered_twice_concurrently_takes_effect_once(open_work):
    same = envelope(catalog.ReleaseStock(checkout_id=new_id()))
    copies = [threading.Thread(target=deliver, args=(Tally, open_work, same)) for _ in range(8)]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join()
    assert times(open_work) == 1
    assert len(published(open_work)) == 1


def test_ib_03_a_failed_handler_leaves_no_effect_no_inbox_row_and_no_message(open_work):
    failing = envelope(catalog.StockLow(sku_id=new_id(), product_id=new_id(), shop_id=new_id(), available=0))
    for _ in range(2):  # it is not in the inbox either: the second time it runs and fails again
        with pytest.raises(RuntimeError, match="out of stock"):
            deliver(Tally, open_work, failing)
    assert times(open_work) == 0
    assert published(open_work) == []


def every_statement(open_work, sealed):
    """Deliver a message repeatedly, ending the connection before a later statement each time, until it is handled.

    Yields the number of the statement after each failure.
    """
    for last in itertools.count(1):
        numbers = itertools.count(1)

        def end(connection, *_, last=last, numbers=numbers):
            if next(numbers) == last:
                with open_work.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
                    process = connection.connection.dbapi_connection.info.backend_pid
                    other.exec_driver_sql(f"SELECT pg_terminate_backend({process}, 5000)")

        try:
            with calling_before_statements(open_work.engine, end):
                deliver(Tally, open_work, sealed)
        except DatabaseDown:
            yield last
        else:
            return


@contextmanager
def calling_before_statements(engine, end):
    """Call `end` before each statement of a work, and before its commit."""
    watched = {"before_cursor_execute": lambda c, *_: end(c), "commit": end}
    for name, call in watched.items():
        event.listen(engine, name, call)
    try:
        yield
    finally:
        for name, call in watched.items():
            event.remove(engine, name, call)


@pytest.mark.parametrize(
    ("message", "statements"),
    [
        (catalog.ReleaseStock(checkout_id=new_id()), 4),
        (catalog.ReserveStock(checkout_id=new_id(), lines=()), 4),
        (withdrawn(), 5),  # two handlers
    ],
    ids=["one by one", "together", "two handlers"],
)
def test_ib_03_a_connection_lost_before_any_statement_or_the_commit_leaves_nothing(open_work, message, statements):
    sealed, ended = envelope(message), []
    for last in every_statement(open_work, sealed):
        ended.append(last)
        with open_work.engine.connect() as connection:
            left = (
                "SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM tally), (SELECT count(*) FROM outbox)"
            )
            assert tuple(connection.execute(text(left)).one()) == (0, 0, 0)
    assert ended == list(range(1, statements + 1))
    with open_work() as work:
        assert {work.times(subject) for subject in subjects(message)} == {1}


def subjects(message):
    if isinstance(message, catalog.ProductWithdrawn):
        return [f"once {message.product_id}", f"again {message.product_id}"]
    return [message.checkout_id]


def test_ib_04_two_handlers_of_one_event_both_run(open_work):
    event = withdrawn()
    deliver(Tally, open_work, event)
    assert times(open_work, f"once {event.product_id}") == 1
    assert times(open_work, f"again {event.product_id}") == 1


def test_ib_05_a_redelivery_after_the_commit_publishes_nothing(open_work):
    (sent,) = deliver(Tally, open_work, catalog.ReleaseStock(checkout_id=new_id()))
    deliver(Tally, open_work, replace(sent, redelivered=True))
    assert published(open_work) == [catalog.StockReleased(checkout_id=sent.body.checkout_id)]


def test_vs_02_duplicates_of_a_handled_message_are_counted(open_work):
    def counted():
        return REGISTRY.get_sample_value("jishi_inbox_duplicates_total", {"topic": withdrawn().topic})

    event = envelope(withdrawn())
    deliver(Tally, open_work, event)
    before = counted()
    deliver(Tally, open_work, event, envelope(withdrawn()))
    assert counted() - before == 2  # one for each handler of the event
    in_one_batch = envelope(withdrawn())
    deliver(Tally, open_work, in_one_batch, replace(in_one_batch, redelivered=True))
    assert counted() - before == 4
