"""Later work of payments and notifications of a provider belong to the trace of the original request."""

import pytest

from services.payments.tests.builders import cancel_payment, open_payment, refund_payment
from shared import spans, trace
from shared.ids import new_id
from shared.testing.collector import recorded
from shared.trace import Trace, following

NOTIFICATION = Trace(new_id(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")


@pytest.fixture
def exported(monkeypatch):
    """A function that closes the recorder and returns the exported spans by name."""
    with recorded(monkeypatch, "payments") as collector:

        def closed():
            spans.close()
            return {span.name: span for span in collector.seen}

        yield closed


def request():
    """The trace of a new client request."""
    return Trace(new_id(), f"00-{new_id().hex}-b7ad6b7169203331-01")


def headers(till, topic, kind="event"):
    query = "SELECT headers FROM outbox WHERE topic = :topic AND kind = :kind ORDER BY position"
    return [row["headers"] for row in till.rows(query, topic=f"payments.{topic}.v1", kind=kind)]


def send_traced(till, command, of):
    return till.send(command, correlation_id=of.correlation_id, traceparent=of.traceparent)


def test_vs_01_the_call_to_the_provider_is_a_span_of_the_request_that_opened_the_payment(till, exported):
    checkout = request()
    send_traced(till, open_payment(), checkout)
    till.call_provider()
    (answer,) = headers(till, "payment_opened", "reply")
    seen = exported()
    handled, made, call = (
        seen[name] for name in ("process payments.open_payment.v1", "payments.open", "wechat open")
    )
    assert {span.trace_id for span in (handled, made, call)} == {checkout.trace_id}
    assert (made.parent, call.parent, call.kind) == (handled.span_id, made.span_id, "client")
    assert made.attributes["jishi.call.tries"] == 1
    assert answer["traceparent"].split("-")[1:3] == [checkout.trace_id, made.span_id]
    assert answer["correlation_id"] == str(checkout.correlation_id)


def test_vs_01_a_timeout_fails_the_span_of_the_call_and_not_its_parent(till, exported):
    till.wechat.time_out("open")
    send_traced(till, open_payment(), request())
    till.call_provider()
    seen = exported()
    assert seen["wechat open"].failed
    assert not seen["payments.open"].failed


def test_vs_01_a_notification_continues_the_trace_of_its_payment_and_is_linked_to_its_own(till, exported):
    checkout, command = request(), open_payment()
    send_traced(till, command, checkout)
    till.call_provider()
    paid = till.pay(command)
    with following(NOTIFICATION):
        till.report(paid)
    (captured,) = headers(till, "payment_captured")
    reported = exported()["payments.reported"]
    assert reported.trace_id == checkout.trace_id
    assert reported.links == (NOTIFICATION.traceparent.split("-")[2],)
    assert captured["traceparent"].split("-")[1:3] == [checkout.trace_id, reported.span_id]


def test_vs_01_a_notification_of_a_refund_continues_the_trace_of_its_request(till, exported):
    command, origin = till.paid(), request()
    requested = send_traced(till, refund_payment(command), origin)
    till.call_provider()
    with following(NOTIFICATION):
        till.report(till.wechat.let_arrive(requested.body.refund_id.hex))
    (refunded,) = headers(till, "payment_refunded")
    assert Trace.carried(refunded).trace_id == origin.trace_id
    assert exported()["wechat refund"].trace_id == origin.trace_id


def test_vs_01_the_reply_to_a_cancellation_is_in_its_own_trace(till, exported):
    command, checkout, cancellation = open_payment(), request(), request()
    send_traced(till, command, checkout)
    till.call_provider()
    send_traced(till, cancel_payment(command), cancellation)
    with following(NOTIFICATION):  # a payment that came first is the reply to the cancellation
        till.report(till.pay(command))
    (captured,), (answer,) = (headers(till, "payment_captured", kind) for kind in ("event", "reply"))
    assert Trace.carried(captured).trace_id == checkout.trace_id
    assert Trace.carried(answer).trace_id == cancellation.trace_id
    assert answer["correlation_id"] == str(cancellation.correlation_id)
    exported()


def test_a_correlation_id_is_kept_across_provider_calls_without_tracing(till):
    checkout, command = Trace(), open_payment()
    send_traced(till, command, checkout)
    till.call_provider()
    with following(NOTIFICATION):
        till.report(till.pay(command))
    (captured,) = headers(till, "payment_captured")
    assert captured["correlation_id"] == str(checkout.correlation_id)
    assert trace.current() is None
