"""VS-1: one trace from the shopper's request to the provider's call and on to the end of the saga."""

from uuid import uuid4

import pytest

from local import running
from local.demo import loader
from local.supervisor import cold
from shared.testing import eventually
from shared.testing.collector import collector
from shared.testing.warm import launching
from tests.e2e.people import ADDRESS, CLIENTS, CONTACT, SETTLED, Provider, Shopper, User, until

TRACE_ID, CLIENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture(scope="module")
def kept():
    with collector() as found:
        yield found


@pytest.fixture(scope="module")
def shop(servers, kept):
    """A whole system whose processes export their spans."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in kept.settings.items():
            environment.setenv(name, value)
        with running.temporary(servers, launch=launching(cold, own_group=True)) as up, CLIENTS:
            loader.load(up.site)
            yield up


@pytest.fixture(scope="module")
def confirmed(shop, kept):
    """A checkout by WeChat with a client's trace, paid and completed."""
    shopper = Shopper(shop.url).registers()
    products = until(lambda: User(shop.url).get("/products", limit=1)["items"], bool)
    sku = shopper.get(f"/products/{products[0]['product_id']}")["skus"][0]["sku_id"]
    wanted = shopper.wanted(shopper.quote((sku, 1)))
    traced = {"traceparent": f"00-{TRACE_ID}-{CLIENT}-01"}
    placed = shopper.call("POST", "/checkouts", wanted, key=str(uuid4()), headers=traced).json()
    Provider(shop.urls["sandbox"]).pays(shopper.waits_for_qr_code(placed))
    shopper.waits_for(placed, "confirmed")
    return placed


def eventually_named(kept, name):
    """The span with this name in the shopper's trace, once it and its ancestors have arrived."""
    return eventually(lambda: next((s for s in kept.trace(TRACE_ID) if s.name == name), None), within=SETTLED)


def way_to(kept, name):
    """The spans from the first one of the trace to this one, as (process, name)."""
    span, way = eventually_named(kept, name), []
    while span.parent != CLIENT:
        way.append((span.process, span.name))
        span = eventually(lambda up=span.parent: next((s for s in kept.trace(TRACE_ID) if s.span_id == up), None))
    return [(span.process, span.name), *reversed(way)]


def test_vs_01_the_call_to_the_provider_descends_from_the_shoppers_request(confirmed, kept):
    assert way_to(kept, "wechat open") == [
        ("gateway", "POST /api/v1/checkouts"),
        ("gateway", "orders.check_out"),
        ("orders", "orders.check_out"),
        ("orders", "orders.checkout open → reserve_stock"),
        ("orders-relay", "publish catalog.reserve_stock.v1"),
        ("catalog", "process catalog.reserve_stock.v1"),
        ("catalog-relay", "publish catalog.stock_reserved.v1"),
        ("orders", "process catalog.stock_reserved.v1"),
        ("orders", "orders.checkout reserve_stock → open_payment"),
        ("orders-relay", "publish payments.open_payment.v1"),
        ("payments", "process payments.open_payment.v1"),
        ("payments", "payments.open"),
        ("payments", "wechat open"),
    ]


def test_vs_01_the_trace_continues_through_the_payment_to_the_end_of_the_saga(confirmed, kept):
    way = way_to(kept, "orders.checkout commit_stock → done")
    assert way[0] == ("gateway", "POST /api/v1/checkouts")
    assert way[-8:] == [
        ("payments-relay", "publish payments.payment_captured.v1"),
        ("orders", "process payments.payment_captured.v1"),
        ("orders", "orders.checkout confirm → commit_stock"),
        ("orders-relay", "publish catalog.commit_stock.v1"),
        ("catalog", "process catalog.commit_stock.v1"),
        ("catalog-relay", "publish catalog.stock_committed.v1"),
        ("orders", "process catalog.stock_committed.v1"),
        ("orders", "orders.checkout commit_stock → done"),
    ]


def test_vs_01_every_span_of_the_trace_has_its_parent(confirmed, kept):
    eventually_named(kept, "orders.checkout commit_stock → done")

    def orphans():
        spans = kept.trace(TRACE_ID)
        return {s.name for s in spans if s.parent not in {CLIENT, *(one.span_id for one in spans)}}

    until(orphans, lambda found: not found)
    (first,) = [span for span in kept.trace(TRACE_ID) if span.parent == CLIENT]
    assert (first.name, first.kind) == ("POST /api/v1/checkouts", "server")
    assert first.attributes["http.response.status_code"] == 201


def test_vs_01_the_providers_notification_has_a_separate_trace_linked_to_the_shoppers(confirmed, kept):
    reported = eventually_named(kept, "payments.reported")
    received = "payments.receive_provider_notification"
    report = eventually(lambda: [s for s in kept.named(received) if s.kind == "server"])[0]
    assert reported.links == (report.span_id,)
    assert report.trace_id != TRACE_ID


def test_vs_01_saga_and_checkout_can_be_found_by_their_ids(confirmed, kept):
    moved = eventually_named(kept, "orders.checkout open → reserve_stock")
    assert moved.attributes["jishi.saga.key"] == confirmed["checkout_id"]
    opened = eventually_named(kept, "payments.open")
    assert opened.attributes["jishi.checkout.id"] == confirmed["checkout_id"]


def test_vs_01_spans_contain_no_personal_data(confirmed, kept):
    eventually_named(kept, "orders.checkout commit_stock → done")
    content = str(kept.seen)
    for word in (*CONTACT.values(), *ADDRESS.values(), "shopper.example"):
        assert word not in content


def test_vs_01_the_gateways_log_names_the_trace(confirmed, shop):
    log = (shop.site.run_dir / "logs" / "gateway.log").read_text()
    assert f'"trace_id":"{TRACE_ID}"' in log
