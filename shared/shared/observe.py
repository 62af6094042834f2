"""What a process tells of itself: JSON logs, Prometheus metrics, and whether it is alive and ready."""

from typing import Any

import structlog
from prometheus_client import Counter, Gauge, Histogram

log: Any = structlog.get_logger()

deliveries = Counter("jishi_deliveries_total", "Messages off a queue by what became of them", ["topic", "outcome"])
batch_size = Histogram(
    "jishi_batch_size", "Messages handled in one transaction", ["topic"], buckets=(1, 2, 5, 10, 20, 50, 100)
)
handler_seconds = Histogram("jishi_handler_seconds", "Time of one transaction of a handler", ["topic"])
conflicts = Counter("jishi_conflicts_total", "Transactions tried again after a conflict", ["topic"])
rpc_seconds = Histogram("jishi_rpc_seconds", "Time of an answered question", ["method", "outcome"])
loop_failures = Counter("jishi_loop_failures_total", "Rounds of a loop that raised", ["loop"])
outbox_lag = Gauge("jishi_outbox_lag_seconds", "Age of the oldest message that waits to be sent")
