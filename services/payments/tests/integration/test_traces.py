"""What payments does later, and what a provider reports, belongs to the request that asked for it."""

import pytest

from services.payments.tests.builders import cancel_payment, open_payment, refund_payment
from shared import spans, trace
from shared.ids import new_id
from shared.testing.collector import recorded
from shared.trace import Trace, following

REPORT = Trace(new_id(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")


@pytest.fixture
def kept(monkeypatch):
    """Closes the recorder, and returns what was sent by name."""
    with recorded(monkeypatch, "payments") as collector:

        def closed():
            spans.close()
            return {span.name: span for span in collector.seen}

        yield closed


def request():
    """A request that a client traces, under an id of its own."""
    return Trace(new_id(), f"00-{new_id().hex}-b7ad6b7169203331-01")


def headers(till, topic, kind="event"):
    query = "SELECT headers FROM outbox WHERE topic = :topic AND kind = :kind ORDER BY position"
    return [row["headers"] for row in till.rows(query, topic=f"payments.{topic}.v1", kind=kind)]


def told(till, command, of):
    return till.send(command, correlation_id=of.correlation_id, traceparent=of.traceparent)


def test_vs_01_the_call_to_the_provider_is_a_span_of_the_request_that_opened_the_payment(till, kept):
    checkout = request()
    told(till, open_payment(), checkout)
    till.call_provider()
    (answer,) = headers(till, "payment_opened", "reply")
    seen = kept()
    handled, made, call = (
        seen[name] for name in ("process payments.open_payment.v1", "payments.open", "wechat open")
    )
    assert {span.trace_id for span in (handled, made, call)} == {checkout.trace_id}
    assert (made.parent, call.parent, call.kind) == (handled.span_id, made.span_id, "client")
    assert made.attributes["jishi.call.tries"] == 1
    assert answer["traceparent"].split("-")[1:3] == [checkout.trace_id, made.span_id]
    assert answer["correlation_id"] == str(checkout.correlation_id)


def test_vs_01_a_provider_that_is_silent_fails_the_call_and_not_what_follows(till, kept):
    till.wechat.fall_silent("open")
    told(till, open_payment(), request())
    till.call_provider()
    seen = kept()
    assert seen["wechat open"].failed
    assert not seen["payments.open"].failed


def test_vs_01_a_report_continues_the_request_it_is_about_and_is_linked_to_its_own(till, kept):
    checkout, command = request(), open_payment()
    told(till, command, checkout)
    till.call_provider()
    paid = till.pay(command)
    with following(REPORT):
        till.report(paid)
    (captured,) = headers(till, "payment_captured")
    reported = kept()["payments.reported"]
    assert reported.trace_id == checkout.trace_id
    assert reported.links == (REPORT.traceparent.split("-")[2],)
    assert captured["traceparent"].split("-")[1:3] == [checkout.trace_id, reported.span_id]


def test_vs_01_a_report_of_a_refund_continues_the_request_for_it(till, kept):
    command, wanted = till.paid(), request()
    requested = told(till, refund_payment(command), wanted)
    till.call_provider()
    with following(REPORT):
        till.report(till.wechat.let_arrive(requested.body.refund_id.hex))
    (refunded,) = headers(till, "payment_refunded")
    assert Trace.carried(refunded).trace_id == wanted.trace_id
    assert kept()["wechat refund"].trace_id == wanted.trace_id


def test_vs_01_who_cancels_is_answered_in_their_own_trace(till, kept):
    command, checkout, wanted = open_payment(), request(), request()
    told(till, command, checkout)
    till.call_provider()
    told(till, cancel_payment(command), wanted)
    with following(REPORT):  # money that was faster answers the one who wants to cancel
        till.report(till.pay(command))
    (captured,), (answer,) = (headers(till, "payment_captured", kind) for kind in ("event", "reply"))
    assert Trace.carried(captured).trace_id == checkout.trace_id
    assert Trace.carried(answer).trace_id == wanted.trace_id
    assert answer["correlation_id"] == str(wanted.correlation_id)
    kept()


def test_a_correlation_id_outlives_the_provider_where_nobody_traces(till):
    checkout, command = Trace(), open_payment()
    told(till, command, checkout)
    till.call_provider()
    with following(REPORT):
        till.report(till.pay(command))
    (captured,) = headers(till, "payment_captured")
    assert captured["correlation_id"] == str(checkout.correlation_id)
    assert trace.current() is None
