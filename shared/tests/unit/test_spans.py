"""Spans: their parents, their attributes and their failures."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared import message_spans, spans, trace
from shared.contracts import catalog
from shared.errors import Conflict, Unavailable
from shared.ids import new_id
from shared.relay.rows import Row
from shared.testing import envelope
from shared.testing.collector import recorded
from shared.trace import Trace, following
from shared.work import Work

TRACE_ID, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SAMPLED, UNSAMPLED = f"00-{TRACE_ID}-{PARENT}-01", f"00-{TRACE_ID}-{PARENT}-00"


@pytest.fixture
def kept(monkeypatch):
    """A function that closes the recorder and returns the sent spans by name."""
    with recorded(monkeypatch) as collector:

        def closed():
            spans.close()
            return {span.name: span for span in collector.seen}

        yield closed


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        ("shared.run, shared.relay.__main__", "opentelemetry"),
        ("gateway.app", "opentelemetry.exporter"),  # the Redis client imports the SDK if it is installed
    ],
)
def test_vs_01_without_a_collector_nothing_of_opentelemetry_is_imported(modules, unwanted):
    code = f"""
import sys, {modules}
from shared import spans
spans.configure("catalog")
with spans.span("anything") as span:
    span.set_attributes({{"a": 1}})
assert span.traceparent is None and not spans.recording()
assert not [name for name in sys.modules if name.startswith(("{unwanted}", "google.protobuf"))]
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_vs_01_a_span_continues_the_current_trace_and_becomes_its_parent(kept):
    with following(Trace(new_id(), SAMPLED)), spans.span("outer", kind="server"), spans.span("inner") as inner:
        assert trace.current().traceparent == inner.traceparent
    seen = kept()
    assert (seen["outer"].trace_id, seen["outer"].parent, seen["outer"].kind) == (TRACE_ID, PARENT, "server")
    assert seen["inner"].parent == seen["outer"].span_id
    assert seen["inner"].process == "test"
    assert trace.current() is None


@pytest.mark.parametrize("broken", [None, "", "abc", SAMPLED[:-1], f"00-{'0' * 32}-{PARENT}-01", 1e99])
def test_vs_01_an_invalid_trace_context_starts_a_new_trace(kept, broken):
    with following(Trace(new_id(), broken)), spans.span("first"):
        pass
    first = kept()["first"]
    assert first.parent == ""
    assert first.trace_id != TRACE_ID


def test_vs_01_an_unsampled_trace_is_propagated_and_not_recorded(kept):
    with following(Trace(new_id(), UNSAMPLED)), spans.span("not kept") as span:
        assert trace.current().trace_id == TRACE_ID
        assert span.traceparent.endswith("-00")
    assert kept() == {}


def test_vs_01_an_outage_and_an_exception_fail_the_span_and_a_refusal_does_not(kept):
    for name, failure in {
        "refused": Conflict(code="no_such_luck"),
        "away": Unavailable(),
        "broken": ValueError("周静 13800138000"),
    }.items():
        with pytest.raises(type(failure)), spans.span(name):
            raise failure
    seen = kept()
    assert {name: span.failed for name, span in seen.items()} == {"refused": False, "away": True, "broken": True}
    assert seen["refused"].attributes["error.type"] == "no_such_luck"
    (raised,) = seen["broken"].exceptions
    assert raised["exception.type"] == "builtins.ValueError"
    assert "test_spans.py" in raised["exception.stacktrace"]
    assert "周静" not in str(seen["broken"]), "the text of an exception may contain personal data"


def test_vs_01_a_message_published_in_a_span_is_its_child(kept):
    work = Work(None)
    with following(Trace(new_id(), SAMPLED)), spans.span("check out") as span:
        work.publish(catalog.StockReleased(checkout_id=new_id()))
    assert work._published[0]["headers"]["traceparent"] == span.traceparent
    assert kept()["check out"].trace_id == TRACE_ID


def test_vs_01_a_message_published_without_a_request_has_no_parent(kept):
    work = Work(None)
    work.publish(catalog.StockReleased(checkout_id=new_id()))
    assert "traceparent" not in work._published[0]["headers"]
    kept()


def batch(*traceparents):
    return [envelope(catalog.ReleaseStock(checkout_id=new_id()), traceparent=one) for one in traceparents]


def test_vs_01_each_message_of_a_batch_has_a_span_in_its_own_trace(kept):
    other = SAMPLED.replace("0af7", "ffff")
    with message_spans.handled(batch(SAMPLED, other), "catalog.release") as (first, second):
        work = Work(None, causes=(first, second))
        work.reply(catalog.StockReleased(checkout_id=new_id()), to=second.message_id)
    assert work._published[0]["headers"]["traceparent"] == second.traceparent
    assert first.traceparent.split("-")[1] == TRACE_ID
    assert second.traceparent.split("-")[1] == other.split("-")[1]
    together = kept()["batch catalog.release_stock.v1"]
    assert together.links == (first.traceparent.split("-")[2], second.traceparent.split("-")[2])
    assert together.parent == ""
    assert together.attributes["messaging.batch.message_count"] == 2


def test_vs_01_a_single_message_has_one_span_that_fails_with_its_transaction(kept):
    with pytest.raises(RuntimeError), message_spans.handled(batch(SAMPLED), "catalog.release"):
        raise RuntimeError
    (span,) = kept().values()
    assert (span.name, span.kind, span.parent, span.failed) == (
        "process catalog.release_stock.v1",
        "consumer",
        PARENT,
        True,
    )
    assert span.attributes["messaging.system"] == "rabbitmq"


def a_row(**headers):
    now = datetime.now(UTC)
    about = {"topic": "catalog.stock_low.v1", "kind": "event", "subject": "s", "body": "{}", "within": None}
    times = {"created_at": now - timedelta(seconds=9), "claimed_at": now - timedelta(seconds=2)}
    return Row(position=1, message_id=new_id(), headers=headers, **about, **times)


def test_vs_01_a_publish_span_starts_at_the_claim_and_has_the_waiting_time_of_its_row(kept):
    message_spans.published(a_row(correlation_id=str(new_id()), traceparent=SAMPLED)).end()
    (span,) = kept().values()
    assert (span.name, span.kind, span.parent) == ("publish catalog.stock_low.v1", "producer", PARENT)
    assert span.seconds >= 2
    assert span.attributes["jishi.outbox.waited_seconds"] == pytest.approx(7, abs=0.1)


def test_vs_01_a_row_with_invalid_headers_is_published(kept):
    for headers in ({}, {"correlation_id": 7, "traceparent": 1e99}):
        message_spans.published(a_row(**headers)).end()
    assert kept()["publish catalog.stock_low.v1"].parent == ""


def test_vs_01_the_environment_may_name_the_process(kept, monkeypatch):
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "service.name=jishi-eu,deployment.environment.name=staging")
    spans.configure("catalog")
    with spans.span("anything"):
        pass
    assert kept()["anything"].process == "jishi-eu"


def test_a_trace_is_read_from_any_headers():
    request = new_id()
    assert Trace.carried({"correlation_id": str(request), "traceparent": SAMPLED}) == Trace(request, SAMPLED)
    assert isinstance(Trace.carried({"correlation_id": ["?"]}).correlation_id, UUID)
