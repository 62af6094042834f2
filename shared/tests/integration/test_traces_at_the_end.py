"""A process that ends sends its last spans, and waits for no collector."""

import time

from shared.contracts import catalog
from shared.ids import new_id
from shared.testing import eventually
from shared.testing.collector import collector
from shared.testing.processes import free_port, processes, service_and_relay

HANDLED = 'jishi_deliveries_total{outcome="done",topic="catalog.reserve_stock.v1"}'


def said_handled_and_stopped(tally, pair, many):
    """Seconds that both took to stop."""
    with processes(*pair) as (service, relay):
        with tally() as work:
            for _ in range(many):
                work.publish(catalog.ReserveStock(checkout_id=new_id(), lines=()))
        eventually(lambda: service.metric(HANDLED) == many)
        began = time.monotonic()
        assert [service.stop(), relay.stop()] == [0, 0]
        return time.monotonic() - began


def test_vs_01_the_last_spans_of_a_process_are_sent_before_it_ends(system_database, vhost, keys, tally):
    with collector() as kept:
        settings = {**kept.settings, "OTEL_BSP_SCHEDULE_DELAY": "600000"}
        said_handled_and_stopped(tally, service_and_relay("tally", system_database, vhost, **keys, **settings), 1)
        assert {span.process for span in kept.seen} == {"tally", "tally-relay"}


def test_vs_01_an_unreachable_collector_does_not_delay_the_end(system_database, vhost, keys, tally):
    away = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{free_port()}", "OTEL_BSP_SCHEDULE_DELAY": "100"}
    pair = service_and_relay("tally", system_database, vhost, **keys, **away)
    assert said_handled_and_stopped(tally, pair, 10) < 12  # at most two seconds each are the collector's
