"""Messages keep the correlation and the trace of the request that caused them."""

import re

import pytest

from shared import trace
from shared.contracts import catalog
from shared.ids import new_id
from shared.testing import envelope
from shared.work import NoCommand, Work

W3C = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def published(*causes):
    work = Work(None, causes=causes)
    work.publish(catalog.StockReleased(checkout_id=new_id()))
    return work._published[0]["headers"]


def replied(*causes, **known):
    work = Work(None, causes=causes)
    work.reply(catalog.StockReleased(checkout_id=new_id()), **known)
    return work._published[0]


def command(**known):
    return envelope(catalog.ReleaseStock(checkout_id=new_id()), **known)


def test_a_message_keeps_the_correlation_of_its_cause_and_names_it():
    cause = command(traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")
    headers = published(cause)
    assert headers["correlation_id"] == str(cause.correlation_id)
    assert headers["causation_id"] == str(cause.message_id)
    assert headers["traceparent"] == cause.traceparent  # nothing is recorded here, so the parent does not change


def test_in_a_batch_a_reply_belongs_to_the_command_that_it_answers():
    first, second = command(), command()
    headers = replied(first, second, to=second.message_id)["headers"]
    assert headers["correlation_id"] == str(second.correlation_id)
    assert headers["causation_id"] == headers["in_reply_to"] == str(second.message_id)


def test_a_reply_goes_to_the_sender_of_the_command_and_an_event_is_no_reply():
    requested = command(source="warehouse")
    reply = replied(requested)
    assert (reply["kind"], reply["queue"]) == ("reply", "warehouse:catalog.stock_released.v1")
    assert reply["headers"]["in_reply_to"] == str(requested.message_id)
    assert "in_reply_to" not in published(requested)
    later = replied(to=requested.message_id, requester="warehouse")
    assert (later["queue"], later["headers"]["in_reply_to"]) == (reply["queue"], str(requested.message_id))


def test_a_reply_without_a_command_is_an_error():
    for known in ({}, {"to": new_id()}, {"requester": "warehouse"}):
        with pytest.raises(NoCommand):
            replied(**known)


def test_a_message_published_by_a_request_has_its_correlation():
    request = trace.Trace(new_id())
    with trace.following(request):
        headers = published()
    assert headers["correlation_id"] == str(request.correlation_id)
    assert "causation_id" not in headers


def test_a_request_without_a_trace_gets_one_from_its_correlation():
    request = trace.Trace(new_id())
    assert W3C.fullmatch(trace.child_of(request))
    assert request.correlation_id.hex in trace.child_of(request)


def test_no_trace_is_current_after_the_block():
    with trace.following(trace.Trace()):
        pass
    assert trace.current() is None
