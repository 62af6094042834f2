"""Traces through real processes: the relay without eventlet and the service with it."""

import pytest

from shared.answers import Refused, ServiceFailed
from shared.contracts import catalog
from shared.ids import new_id
from shared.rpc_client import RpcClient
from shared.testing import eventually
from shared.testing.collector import collector
from shared.testing.processes import processes, service_and_relay
from shared.trace import Trace, following

TRACE_ID, ROOT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
REQUEST = Trace(new_id(), f"00-{TRACE_ID}-{ROOT}-01")


@pytest.fixture(scope="module")
def kept():
    with collector() as found:
        yield found


@pytest.fixture(scope="module")
def observed(system_database, vhost, keys, kept):
    """Tally's service and relay, sending spans."""
    with processes(*service_and_relay("tally", system_database, vhost, **keys, **kept.settings)) as running:
        yield running


def unrecoverable():
    """An event whose handler raises Unrecoverable."""
    return catalog.StockLow(sku_id=new_id(), product_id=new_id(), shop_id=new_id(), available=-1)


def below(kept, parent, name):
    """The span of this name whose parent is this one."""
    found = lambda: [s for s in kept.trace(TRACE_ID) if (s.parent, s.name) == (parent, name)]  # noqa: E731
    (span,) = eventually(found)
    return span


def test_vs_01_a_message_is_traced_through_relay_and_handler_to_its_answer(observed, tally, kept):
    checkout = new_id()
    with following(REQUEST), tally() as work:
        command = work.publish(catalog.ReleaseStock(checkout_id=checkout))
    sent = below(kept, ROOT, "publish catalog.release_stock.v1")
    assert (sent.process, sent.kind) == ("tally-relay", "producer")
    assert sent.attributes["messaging.message.id"] == str(command)
    assert sent.attributes["jishi.correlation_id"] == str(REQUEST.correlation_id)
    handled = below(kept, sent.span_id, "process catalog.release_stock.v1")
    assert (handled.process, handled.kind) == ("tally", "consumer")
    assert handled.attributes["jishi.subject"] == str(checkout)
    answered = below(kept, handled.span_id, "publish catalog.stock_released.v1")
    assert answered.process == "tally-relay"


def test_vs_01_a_message_that_fails_has_a_failed_span_for_each_try(observed, tally, kept):
    with following(REQUEST), tally() as work:
        work.publish(unrecoverable())
    sent = below(kept, ROOT, "publish catalog.stock_low.v1")
    tried = below(kept, sent.span_id, "process catalog.stock_low.v1")
    assert tried.failed
    assert tried.exceptions[0]["exception.type"] == "shared.delivery.Unrecoverable"


def test_vs_01_a_request_has_a_span_that_fails_for_an_error_and_not_for_a_refusal(observed, vhost, kept):
    with following(REQUEST), RpcClient(vhost) as rpc_client:
        assert rpc_client.call("tally.times", {"subject": "nothing"}) == {"times": 0}
        with pytest.raises(Refused):
            rpc_client.call("tally.refuse", {"wanted": "moon"})
        with pytest.raises(ServiceFailed):
            rpc_client.call("tally.break_down", {})
    answered, refused, broken = (
        below(kept, ROOT, f"tally.{method}") for method in ("times", "refuse", "break_down")
    )
    assert {(span.process, span.kind) for span in (answered, refused, broken)} == {("tally", "server")}
    assert [span.failed for span in (answered, refused, broken)] == [False, False, True]
    assert refused.attributes["error.type"] == "no_such_luck"
    (raised,) = broken.exceptions
    assert raised["exception.type"] == "builtins.RuntimeError"
    assert set(raised) == {"exception.type", "exception.stacktrace"}


def test_vs_01_the_log_names_the_trace(observed, tally, kept):
    with following(REQUEST), tally() as work:
        work.publish(unrecoverable())
    eventually(lambda: TRACE_ID in observed[0].log())
