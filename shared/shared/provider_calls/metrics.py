"""The metric of provider calls, by duration and outcome."""

from prometheus_client import Histogram

provider_seconds = Histogram(
    "jishi_provider_seconds",
    "Duration of a provider call, by outcome: done, refused or silent (no answer)",
    ["provider", "call", "outcome"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
