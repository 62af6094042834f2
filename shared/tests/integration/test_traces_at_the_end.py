"""A process sends its last spans before it ends, and does not wait for an unreachable collector."""

import time

from shared.contracts import catalog
from shared.ids import new_id
from shared.testing import eventually
from shared.testing.collector import collector
from shared.testing.processes import free_port, processes, service_and_relay

HANDLED = 'jishi_deliveries_total{outcome="done",topic="catalog.reserve_stock.v1"}'


def seconds_to_stop(tally, pair, many):
    """Have messages published and handled, stop both processes, and return how long that took."""
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
        seconds_to_stop(tally, service_and_relay("tally", system_database, vhost, **keys, **settings), 1)
        assert {span.process for span in kept.seen} == {"tally", "tally-relay"}


def test_vs_01_an_unreachable_collector_does_not_delay_the_end(system_database, vhost, keys, tally):
    unreachable = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{free_port()}",
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }
    pair = service_and_relay("tally", system_database, vhost, **keys, **unreachable)
    assert seconds_to_stop(tally, pair, 10) < 12  # the collector costs at most two seconds per process
