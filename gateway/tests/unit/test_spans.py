"""The gateway's spans of a trace."""

import pytest

from shared import spans
from shared.errors import NotFound
from shared.testing.collector import recorded

TRACE_ID, CLIENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACED = {"traceparent": f"00-{TRACE_ID}-{CLIENT}-01"}


@pytest.fixture
def kept(monkeypatch):
    """Closes the recorder, and returns the spans that were sent, by name."""
    with recorded(monkeypatch, "gateway") as collector:

        def closed():
            spans.close()
            return {span.name: span for span in collector.seen}

        yield closed


def test_vs_01_a_request_is_a_span_below_the_clients_and_named_by_its_route(api, services, kept):
    services.answers["users.list_shops"] = {"items": [], "next": None}
    api.get("/api/v1/shops?limit=1", headers=TRACED)
    (span,) = kept().values()
    assert (span.name, span.kind, span.parent, span.trace_id) == ("GET /api/v1/shops", "server", CLIENT, TRACE_ID)
    assert (span.attributes["http.route"], span.attributes["http.response.status_code"]) == ("/api/v1/shops", 200)
    assert services.traces[0].traceparent.split("-")[2] == span.span_id


def test_vs_01_a_refusal_is_not_recorded_as_a_failure_and_a_fault_is(api, services, kept):
    services.answers["users.list_shops"] = NotFound()
    api.get("/api/v1/shops")
    services.answers["catalog.list_products"] = ZeroDivisionError("周静")
    api.get("/api/v1/products")
    seen = kept()
    assert not seen["GET /api/v1/shops"].failed
    assert seen["GET /api/v1/shops"].attributes["http.response.status_code"] == 404
    fault = seen["GET /api/v1/products"]
    assert fault.failed
    assert fault.exceptions[0]["exception.type"] == "builtins.ZeroDivisionError"
    assert "周静" not in str(fault)


def test_vs_01_client_input_is_in_no_span_name(api, kept):
    api.get("/api/v1/nothing/13800138000")
    api.request("BREW", "/api/v1/products")
    assert set(kept()) == {"GET other", "other /api/v1/products"}


def test_vs_01_health_checks_leave_no_spans(api, kept):
    for path in ("/health/live", "/health/ready"):
        api.get(path, headers=TRACED)
    assert kept() == {}
