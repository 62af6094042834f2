"""Messages that cannot be handled: the retry ladder and dead letters."""

import itertools
import json
from datetime import datetime, timedelta

import amqp
import pytest
from sqlalchemy import text

from shared import message_encoding
from shared.contracts import catalog
from shared.ids import new_id
from shared.link import connect
from shared.testing import envelope, eventually


@pytest.fixture
def channel(system, vhost):
    with connect(vhost) as connection:
        yield connection.channel()


def publish(channel, sealed, body=None, **headers):
    """Publish an envelope as the relay would."""
    message = amqp.Message(
        body or message_encoding.body(sealed),
        application_headers={**message_encoding.headers(sealed), **headers},
        content_type=message_encoding.CONTENT_TYPE,
        delivery_mode=2,
        message_id=str(sealed.message_id),
    )
    channel.basic_publish_confirm(
        message, message_encoding.exchange_of(sealed.body.kind), headers.get("cloudEvents_type", sealed.body.topic)
    )
    return message


def low(available):
    """An event that tally cannot handle: 0 fails, a negative number is unrecoverable."""
    return envelope(catalog.StockLow(sku_id=new_id(), product_id=new_id(), shop_id=new_id(), available=available))


def dead(tally, sealed):
    """Wait for the stored dead letter of a message."""
    return eventually(lambda: dead_letter_of(tally, headers=sealed.message_id))


def dead_letter_of(tally, *, headers=None, body=None):
    """The dead letter with this id in its headers, or with this body."""
    which = "headers ->> 'cloudEvents_id' = :headers" if headers else "body = :body"
    with tally.engine.connect() as connection:
        found = connection.execute(
            text(f"SELECT * FROM dead_letter WHERE {which}"), {"headers": str(headers), "body": body}
        )
        return found.mappings().one_or_none()


def test_dl_01_a_message_that_always_fails_is_retried_with_growing_delays_until_it_is_dead(system, channel, tally):
    sealed, tried = low(0), 'jishi_handler_seconds_count{topic="catalog.stock_low.v1"}'
    before = system[0].metric(tried)
    publish(channel, sealed)
    dead_letter = dead(tally, sealed)
    assert dead_letter["headers"]["dead_attempts"] == (1 + 1) * (2 + 1)  # (immediate + 1) × (rungs + 1)
    assert system[0].metric(tried) == before + (1 + 1) * (2 + 1)
    lines = [json.loads(line) for line in system[0].log().splitlines() if '"message failed"' in line]
    rounds = [line["timestamp"] for line in lines if line["message_id"] == str(sealed.message_id)]
    timestamps = [datetime.fromisoformat(timestamp) for timestamp in rounds]
    first, second = (later - sooner for sooner, later in itertools.pairwise(timestamps))
    assert first >= 0.8 * timedelta(seconds=0.2)  # the rungs of the ladder, with up to a fifth less
    assert second >= 0.8 * timedelta(seconds=0.4)


def test_dl_02_others_are_handled_while_a_message_waits_for_its_retry(channel, system, tally):
    waiting, others = low(0), [low(7) for _ in range(20)]
    publish(channel, waiting)
    for sealed in others:
        publish(channel, sealed)
    headers = dead(tally, waiting)["headers"]
    first, last = (datetime.fromisoformat(headers[f"dead_{which}_failed_at"]) for which in ("first", "last"))
    timestamps = [handled_at(tally, sealed) for sealed in others]
    assert any(first < timestamp < last for timestamp in timestamps)
    assert max(timestamps) < last
    assert handled_at(tally, waiting) is None


def handled_at(tally, sealed):
    with tally.engine.connect() as connection:
        found = connection.execute(
            text("SELECT received_at FROM inbox WHERE message_id = :i"), {"i": sealed.message_id}
        )
        return found.scalar()


@pytest.mark.parametrize(
    ("available", "exception", "message", "attempts"),
    [
        (-1, "shared.delivery.Unrecoverable", "negative stock", 1),
        (0, "builtins.RuntimeError", "out of stock", 6),  # after all rungs of the ladder
    ],
)
def test_dl_03_a_dead_letter_has_the_message_byte_for_byte_and_its_cause(
    channel, tally, available, exception, message, attempts
):
    sealed = low(available)
    body = json.dumps({**json.loads(message_encoding.body(sealed)), "kept": "as it came  "}, indent=3).encode()
    publish(channel, sealed, body)
    dead_letter = dead(tally, sealed)
    assert bytes(dead_letter["body"]) == body
    assert {
        name: dead_letter["headers"][name] for name in message_encoding.headers(sealed)
    } == message_encoding.headers(sealed)
    assert dead_letter["message_id"] == sealed.message_id
    cause = {name: dead_letter["headers"][name] for name in ("dead_exception", "dead_message", "dead_handler")}
    assert cause == {"dead_exception": exception, "dead_message": message, "dead_handler": "tally.fail"}
    assert dead_letter["headers"]["dead_attempts"] == attempts
    assert "in fail" in dead_letter["headers"]["dead_stack"]
    assert dead_letter["headers"]["dead_host"]
    first, last = (
        datetime.fromisoformat(dead_letter["headers"][f"dead_{which}_failed_at"]) for which in ("first", "last")
    )
    waited = 0.8 * timedelta(seconds=0.2 + 0.4) if attempts > 1 else timedelta(0)
    assert last - first >= waited


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"not json", {}),
        (b'{"sku_id": "not a uuid"}', {}),
        (b"\xff\xff", {}),
        (None, {"cloudEvents_type": "catalog.stock_low.v99"}),
        (None, {"cloudEvents_id": "not an id"}),
    ],
)
def test_dl_04_an_unreadable_message_is_dead_at_once(channel, tally, body, headers):
    sealed = low(7)
    message = amqp.Message(
        body or message_encoding.body(sealed),
        application_headers={**message_encoding.headers(sealed), **headers},
        delivery_mode=2,
    )
    channel.basic_publish_confirm(message, "events", "catalog.stock_low.v1")
    dead_letter = eventually(lambda: dead_letter_of(tally, body=body or message_encoding.body(sealed)))
    assert dead_letter["headers"]["dead_exception"] == "shared.delivery.Unreadable"
    assert dead_letter["headers"]["dead_attempts"] == 1


class NotText(str):
    """A property that is not valid UTF-8, as AMQP requires."""

    __slots__ = ()

    def encode(self, *_):
        return b"\xff\xfe"


def test_dl_10_a_message_that_breaks_the_connection_is_dead_and_the_process_lives_on(system, channel, tally):
    sealed = envelope(catalog.ReleaseStock(checkout_id=new_id()))
    poison = amqp.Message(
        message_encoding.body(sealed),
        correlation_id=NotText("?"),
        application_headers=message_encoding.headers(sealed),
    )
    channel.basic_publish_confirm(poison, "commands", sealed.body.topic)
    dead_letter = eventually(lambda: dead_letter_of(tally, body=message_encoding.body(sealed)), within=20)
    assert (dead_letter["exception"], dead_letter["queue"]) == ("delivery_limit", "tally:catalog.release_stock.v1")
    publish(channel, sealed)
    eventually(lambda: times(tally, sealed.body.checkout_id) == 1)
    eventually(system[0].is_ready)


def times(tally, subject):
    with tally() as work:
        return work.times(subject)


def test_dl_05_an_unrecoverable_failure_is_dead_at_once(channel, tally):
    sealed = low(-1)
    publish(channel, sealed)
    assert dead(tally, sealed)["headers"]["dead_attempts"] == 1


def test_only_the_failing_message_of_a_batch_is_retried(channel, system, tally):
    good, bad = [low(7) for _ in range(30)], low(-1)
    for sealed in [*good[:15], bad, *good[15:]]:
        publish(channel, sealed)
    dead(tally, bad)
    eventually(lambda: all(handled_at(tally, sealed) for sealed in good))
    assert handled_at(tally, bad) is None
