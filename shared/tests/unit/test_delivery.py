"""Reading deliveries, and the outcome of failures, without broker and database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import message_encoding, retention_periods
from shared.contracts import catalog
from shared.delivery import Dead, Delivery, Later, Policy, Unreadable, Unrecoverable, read_envelope
from shared.ids import new_id
from shared.messages import Envelope
from shared.testing import envelope
from shared.testing.broker_free import delivery


def withdrawn():
    return catalog.ProductWithdrawn(product_id=new_id(), shop_id=new_id(), version=3)


def failed(policy, message, failure=None):
    """The outcomes of all rounds of a message that always fails."""
    outcomes = []
    while not outcomes or isinstance(outcomes[-1], Later):
        outcomes.append(policy.verdict(message, "tally.fail", failure or ValueError("no"), policy.tries_a_round))
        message = replace(message, headers=outcomes[-1].headers)
    return outcomes


@given(
    immediate=st.integers(0, 5),
    rungs=st.lists(st.floats(0.1, 3600), min_size=1, max_size=6).map(lambda found: tuple(sorted(found))),
)
def test_dl_01_total_tries_are_immediate_plus_one_times_rungs_plus_one(immediate, rungs):
    outcomes = failed(Policy(immediate, rungs), delivery(envelope(withdrawn())))
    assert [type(outcome) for outcome in outcomes] == [Later] * len(rungs) + [Dead]
    assert outcomes[-1].headers["dead_attempts"] == (immediate + 1) * (len(rungs) + 1)
    assert tuple(outcome.rung for outcome in outcomes[:-1]) == rungs
    assert all(0.8 * outcome.rung <= outcome.delay <= outcome.rung for outcome in outcomes[:-1])


def test_dl_05_an_unrecoverable_failure_has_no_second_round():
    (outcome,) = failed(Policy(), delivery(envelope(withdrawn())), Unrecoverable("never"))
    assert isinstance(outcome, Dead)


def test_the_first_failure_is_remembered_through_all_rounds():
    *_, before_last, last = failed(Policy(), delivery(envelope(withdrawn())))
    assert last.headers["dead_first_failed_at"] == before_last.headers["jishi_first_failed_at"]
    assert last.headers["dead_first_failed_at"] < last.headers["dead_last_failed_at"]


def test_the_ladder_is_a_setting(monkeypatch):
    monkeypatch.setenv("RETRY_RUNGS", "0.5,3")
    monkeypatch.setenv("RETRY_IMMEDIATE", "7")
    assert Policy.from_environment() == Policy(7, (0.5, 3))


def test_ib_06_the_inbox_keeps_ids_for_longer_than_a_message_can_be_redelivered(monkeypatch):
    ladder = timedelta(seconds=sum(Policy.from_environment().rungs))
    assert ladder + retention_periods.BY_HAND + ladder < retention_periods.MEMORY
    monkeypatch.setenv("RETRY_RUNGS", f"1,{timedelta(days=5).total_seconds()}")
    with pytest.raises(retention_periods.LadderTooLong):
        Policy.from_environment()


@given(
    redelivered=st.booleans(),
    not_after=st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    causation=st.none() | st.uuids(),
)
def test_ec_01_an_envelope_survives_the_wire(redelivered, not_after, causation):
    sent = Envelope(
        body=withdrawn(), source="catalog", causation_id=causation, not_after=not_after, redelivered=redelivered
    )
    assert read_envelope(delivery(sent)) == sent


def test_an_event_caused_by_a_command_is_not_a_reply():
    event = Envelope(body=withdrawn(), source="catalog", causation_id=new_id())
    assert read_envelope(delivery(event)).kind == "event"
    assert read_envelope(delivery(replace(event, in_reply_to=new_id()))).kind == "reply"


def test_ec_01_the_headers_carry_every_attribute_that_cloudevents_requires():
    headers = message_encoding.headers(envelope(withdrawn(), not_after=datetime.now(UTC) + timedelta(seconds=30)))
    required = {f"cloudEvents_{name}" for name in ("id", "source", "specversion", "type")}
    assert required | {"correlation_id", "not_after"} <= headers.keys()


def test_ec_05_unknown_fields_and_headers_are_ignored():
    sent = envelope(withdrawn())
    found = delivery(sent)
    later = replace(
        found, body=found.body[:-1] + b', "news": [1, {}]}', headers={**found.headers, "x-death": [{"count": 1}]}
    )
    assert read_envelope(later) == sent


@pytest.mark.parametrize("missing", ["cloudEvents_id", "cloudEvents_type", "cloudEvents_source", "correlation_id"])
def test_dl_04_a_message_without_its_attributes_is_unreadable(missing):
    found = delivery(envelope(withdrawn()))
    headers = {name: value for name, value in found.headers.items() if name != missing}
    with pytest.raises(Unreadable):
        read_envelope(replace(found, headers=headers))


@given(body=st.binary(max_size=200), topic=st.text(max_size=40), identity=st.text(max_size=40))
def test_dl_04_any_delivery_is_either_readable_or_unreadable(body, topic, identity):
    headers = {**delivery(envelope(withdrawn())).headers, "cloudEvents_type": topic, "cloudEvents_id": identity}
    with pytest.raises(Unreadable):
        read_envelope(Delivery(body, headers))
