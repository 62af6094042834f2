"""Metrics of fulfilment."""

from prometheus_client import Gauge

carrier_reports_open = Gauge(
    "jishi_carrier_reports_open", "Carrier reports that match several parcels and wait for an operator"
)
