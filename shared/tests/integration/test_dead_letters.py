"""Dead letters in the database: operators list, retry and archive them, each action once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from shared import message_encoding, observe, outbox, retention_periods, shapes
from shared.contracts import catalog
from shared.contracts.operating.requests import (
    ArchiveDeadLetter,
    ListDeadLetters,
    RetryDeadLetter,
    RetryDeadLetters,
)
from shared.contracts.operating.views import DeadLetter
from shared.contracts.pages import Page
from shared.delivery import Delivery, Policy
from shared.ids import new_id
from shared.operating import dead_letter_actions, dead_letters
from shared.operating.dead_letter_store import DeadLetterStore
from shared.testing import envelope, logged

ANN, BOB = "ann", "bob"


def make_older(open_work, by):
    with open_work() as work:
        earlier = "UPDATE dead_letter SET first_failed_at = first_failed_at - CAST(:by AS interval)"
        work.connection.execute(text(earlier), {"by": by})


def test_ib_06_a_message_that_failed_too_long_ago_is_not_retried(kept, open_work):
    """The inbox must still have its id, in case it was handled after all."""
    (dead_letter_id,) = kept(a_delivery())
    make_older(open_work, retention_periods.BY_HAND + timedelta(seconds=1))
    with open_work() as work, pytest.raises(dead_letter_actions.DeadLetterTooOld):
        dead_letter_actions.retry(work, ANN, RetryDeadLetter(dead_letter_id=dead_letter_id))
    with open_work() as work:
        assert dead_letter_actions.retry_all(work, ANN, RetryDeadLetters()).retried == 0
    make_older(open_work, -timedelta(minutes=1))
    with open_work() as work:
        retried = dead_letter_actions.retry(work, ANN, RetryDeadLetter(dead_letter_id=dead_letter_id))
        assert retried.state == "retried"


def a_delivery(available=0, body=None, failure=None, **headers):
    """A message as its consumer rejects it after the last try."""
    low = catalog.StockLow(sku_id=new_id(), product_id=new_id(), shop_id=new_id(), available=available)
    sealed = envelope(low)
    delivery = Delivery(body or message_encoding.body(sealed), {**message_encoding.headers(sealed), **headers})
    dead = Policy(immediate=0, rungs=()).verdict(
        delivery, "tally.fail", failure or RuntimeError("out of stock"), 1
    )
    return Delivery(delivery.body, {**dead.headers, "dead_queue": "tally:catalog.stock_low.v1"})


@pytest.fixture
def store(open_work):
    return DeadLetterStore("tally", open_work.engine)


@pytest.fixture
def kept(store, open_work):
    """Store dead letters; returns their ids, oldest first."""

    def _kept(*deliveries):
        before = set(_ids(open_work))
        for delivery in deliveries:
            store.run([delivery])
        return sorted(set(_ids(open_work)) - before)

    return _kept


def page(work, **which):
    return shapes.dump(dead_letters.page(work, ListDeadLetters(**which)), Page[DeadLetter])


def one(work, dead_letter_id):
    return shapes.dump(dead_letters.one(work, dead_letter_id))


def _ids(open_work):
    with open_work() as work:
        return [dead_letter["dead_letter_id"] for dead_letter in page(work, limit=100)["items"]]


def again(open_work):
    """The outbox rows that return dead letters to their queues."""
    with open_work() as work:
        rows = select(outbox.outbox).where(outbox.outbox.c.kind == "again").order_by(outbox.outbox.c.position)
        return [dict(row) for row in work.connection.execute(rows).mappings()]


def retry(open_work, dead_letter_id, actor=ANN, note=""):
    with open_work() as work:
        request = RetryDeadLetter(dead_letter_id=dead_letter_id, note=note)
        return shapes.dump(dead_letter_actions.retry(work, actor, request))


def archive(open_work, dead_letter_id, actor=ANN, note="no longer needed"):
    with open_work() as work:
        request = ArchiveDeadLetter(dead_letter_id=dead_letter_id, note=note)
        return shapes.dump(dead_letter_actions.archive(work, actor, request))


def retry_all(open_work, **which):
    with open_work() as work:
        return shapes.dump(dead_letter_actions.retry_all(work, ANN, RetryDeadLetters(**which)))


def done(open_work):
    with open_work() as work:
        return [(one["actor"], one["action"], one["note"]) for one in logged(work, limit=100)][::-1]


def concurrently(*calls):
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_dl_03_a_dead_letter_shows_its_message_and_why_it_failed(kept, open_work):
    delivery = a_delivery()
    (dead_letter_id,) = kept(delivery)
    with open_work() as work:
        shown = one(work, dead_letter_id)
    assert shown["exception"] == "builtins.RuntimeError"
    assert (shown["message"], shown["handler"], shown["attempts"]) == (
        "out of stock",
        "tally.fail",
        1,
    )
    assert (shown["topic"], shown["queue"]) == ("catalog.stock_low.v1", "tally:catalog.stock_low.v1")
    assert (shown["state"], shown["retried"], shown["closed_by"]) == ("open", 0, None)
    assert shown["body"]["available"] == 0
    assert shown["headers"]["cloudEvents_id"] == shown["message_id"] == delivery.headers["cloudEvents_id"]
    assert "RuntimeError" in shown["stack"]


def test_a_body_that_is_not_json_is_shown_as_text_and_personal_data_is_masked(kept, open_work):
    first, second = kept(a_delivery(body=b"not json \xff"), a_delivery(body=b'{"phone": "13800138000"}'))
    with open_work() as work:
        assert [one(work, first)[part] for part in ("body", "text")] == [None, "not json \ufffd"]
        assert one(work, second)["body"] == {"phone": "•••"}


def test_dl_07_the_same_copy_is_stored_once_however_often_it_arrives(store, kept):
    delivery = a_delivery()
    assert len(kept(delivery, delivery)) == 1
    assert kept(delivery) == []
    assert len(kept(a_delivery())) == 1
    store.run([delivery, delivery, a_delivery()])


def test_dl_07_two_processes_that_store_the_same_copies_at_the_same_time_store_each_once(store, open_work):
    deliveries = [a_delivery() for _ in range(20)]
    concurrently(*(lambda i=i: store.run(deliveries[::-1] if i % 2 else deliveries) for i in range(4)))
    assert len(_ids(open_work)) == 20


def test_dl_07_a_retried_dead_letter_is_sent_unchanged_to_its_queue(kept, open_work):
    delivery = a_delivery(causation_id=str(new_id()), not_after="2026-01-01T00:00:00+00:00")
    (dead_letter_id,) = kept(delivery)
    assert retry(open_work, dead_letter_id)["state"] == "retried"
    (row,) = again(open_work)
    sent = {name: value for name, value in delivery.headers.items() if not name.startswith(("dead_", "jishi_"))}
    first_failed = {"jishi_first_failed_at": delivery.headers["jishi_first_failed_at"]}
    assert row["headers"] == {**sent, **first_failed, "jishi_retried": 1}
    assert row["body"].encode() == delivery.body
    assert str(row["message_id"]) == delivery.headers["cloudEvents_id"]
    assert (row["topic"], row["queue"]) == ("catalog.stock_low.v1", "tally:catalog.stock_low.v1")


def test_dl_07_two_retries_of_a_dead_letter_send_it_once(kept, open_work):
    (dead_letter_id,) = kept(a_delivery())
    first = retry(open_work, dead_letter_id, note="catalog is back")
    assert retry(open_work, dead_letter_id, BOB) == first
    assert len(again(open_work)) == 1
    assert done(open_work) == [(ANN, "dead_letter.retry", "catalog is back")]


def test_dl_07_two_operators_at_the_same_time_retry_a_dead_letter_once(kept, open_work):
    for dead_letter_id in kept(*(a_delivery() for _ in range(5))):
        concurrently(*(lambda actor=actor, i=dead_letter_id: retry(open_work, i, actor) for actor in (ANN, BOB)))
    assert len(again(open_work)) == 5
    assert len(done(open_work)) == 5


def test_dl_07_concurrent_retries_of_all_and_of_one_send_each_dead_letter_once(kept, open_work):
    ids = kept(*(a_delivery() for _ in range(30)))
    concurrently(*[lambda: retry_all(open_work)] * 2, lambda: retry(open_work, ids[7], BOB))
    assert len(again(open_work)) == 30
    assert len({row["message_id"] for row in again(open_work)}) == 30


def test_dl_07_a_retry_that_fails_becomes_a_new_dead_letter_with_its_number_of_retries(kept, open_work):
    (first,) = kept(a_delivery())
    for times in (1, 2):
        retry(open_work, first)
        row = again(open_work)[-1]
        dead = Policy(immediate=0, rungs=()).verdict(
            Delivery(row["body"].encode(), row["headers"]), "tally.fail", RuntimeError("still failing"), 1
        )
        (second,) = kept(Delivery(row["body"].encode(), {**dead.headers, "dead_queue": row["queue"]}))
        with open_work() as work:
            dead_letter = one(work, second)
            assert (dead_letter["retried"], dead_letter["state"], dead_letter["attempts"]) == (times, "open", 1)
            assert one(work, first)["state"] == "retried"
        first = second


@pytest.mark.parametrize(
    "delivery",
    [
        a_delivery(body=b"not json"),
        a_delivery(body=b'{"sku_id": "none"}'),
        a_delivery(cloudEvents_type="catalog.stock_low.v99"),
        a_delivery(cloudEvents_id="not an id"),
        a_delivery(
            body=message_encoding.body(envelope(catalog.ReleaseStock(checkout_id=new_id())))
            .decode()
            .encode("utf-16")
        ),
    ],
)
def test_dl_07_an_unreadable_dead_letter_cannot_be_retried_but_can_be_archived(kept, open_work, delivery):
    (dead_letter_id,) = kept(delivery)
    with pytest.raises(dead_letter_actions.DeadLetterUnreadable):
        retry(open_work, dead_letter_id)
    assert retry_all(open_work) == {"retried": 0, "unreadable": 1, "next": None}
    assert archive(open_work, dead_letter_id)["state"] == "archived"
    assert archive(open_work, dead_letter_id, BOB)["closed_by"] == ANN
    assert again(open_work) == []
    assert done(open_work) == [(ANN, "dead_letter.archive", "no longer needed")]


def test_dl_07_a_closed_dead_letter_cannot_be_changed(kept, open_work):
    first, second = kept(a_delivery(), a_delivery())
    retry(open_work, first)
    archive(open_work, second)
    with pytest.raises(dead_letter_actions.DeadLetterClosed):
        archive(open_work, first)
    with pytest.raises(dead_letter_actions.DeadLetterClosed):
        retry(open_work, second)
    with pytest.raises(dead_letters.DeadLetterNotFound):
        retry(open_work, new_id())


def test_dl_07_all_dead_letters_of_a_kind_are_retried_page_by_page_and_the_others_remain_open(
    kept, open_work, monkeypatch
):
    monkeypatch.setattr(dead_letter_actions, "MOST", 3)
    wanted = kept(
        *(a_delivery() for _ in range(4)), a_delivery(body=b"not json"), *(a_delivery() for _ in range(2))
    )
    others = kept(
        a_delivery(failure=KeyError("other")), a_delivery(cloudEvents_type="catalog.product_withdrawn.v1")
    )
    which = {"topic": "catalog.stock_low.v1", "exception": "builtins.RuntimeError"}
    first = retry_all(open_work, **which)
    late = kept(a_delivery())
    second = retry_all(open_work, **which, cursor=first["next"])
    third = retry_all(open_work, **which, cursor=second["next"])
    assert [(each["retried"], each["unreadable"]) for each in (first, second, third)] == [(3, 0), (2, 1), (1, 0)]
    assert third["next"] is None
    with open_work() as work:
        still_open = page(work, state="open")["items"]
    assert sorted(one["dead_letter_id"] for one in still_open) == sorted([wanted[4], *others, *late])
    assert [action for _, action, _ in done(open_work)] == ["dead_letter.retry_all"] * 3


@pytest.mark.parametrize("cursor", ["x", "_", "0197f5c2-3d7e-7a1b-9c4d-5e6f7a8b9c0d", "1_2_3"])
def test_an_invalid_cursor_is_refused(open_work, cursor):
    with pytest.raises(dead_letter_actions.CursorInvalid):
        retry_all(open_work, cursor=cursor)


def test_dead_letters_are_listed_page_by_page_by_state_topic_and_exception(kept, open_work):
    ids = kept(*(a_delivery() for _ in range(3)), a_delivery(failure=KeyError("x")))
    retry(open_work, ids[0])
    with open_work() as work:
        first = page(work, topic="catalog.stock_low.v1", limit=3)
        second = page(work, topic="catalog.stock_low.v1", limit=3, cursor=first["next"])
        opened = page(work, state="open", exception="builtins.RuntimeError")
    assert [one["dead_letter_id"] for one in first["items"]] == ids[:0:-1]
    assert ([one["dead_letter_id"] for one in second["items"]], second["next"]) == ([ids[0]], None)
    assert [one["dead_letter_id"] for one in opened["items"]] == [ids[2], ids[1]]
    assert not {"body", "headers", "stack", "copy"} & set(first["items"][0])


def test_the_metric_is_the_number_of_open_dead_letters_and_returns_to_zero(kept, open_work):
    def measured():
        with open_work() as work:
            dead_letters.measure(work)
        return observe.dead_letters.labels("catalog.stock_low.v1")._value.get()

    first, second = kept(a_delivery(), a_delivery())
    assert measured() == 2
    retry(open_work, first)
    assert measured() == 1
    archive(open_work, second)
    assert measured() == 0


def test_only_a_row_of_kind_again_has_a_queue(open_work):
    row = outbox.again(new_id(), "catalog.stock_low.v1", "{}", {}, "tally:x")
    for wrong in ({"queue": None}, {"kind": "event"}):
        with pytest.raises(IntegrityError, match="outbox_to_a_queue"), open_work() as work:
            outbox.insert(work.connection, [row | wrong])
    with open_work() as work:
        assert work.connection.execute(text("SELECT count(*) FROM outbox")).scalar() == 0
