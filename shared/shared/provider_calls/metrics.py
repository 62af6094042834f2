"""How long provider calls take, and what they come to."""

from prometheus_client import Histogram

provider_seconds = Histogram(
    "jishi_provider_seconds",
    "Time of a call to a provider: done, refused or silent",
    ["provider", "call", "outcome"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
