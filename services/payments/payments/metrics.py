"""What payments tells its operators besides its logs."""

from prometheus_client import Counter, Histogram

provider_seconds = Histogram(
    "jishi_provider_seconds",
    "Time of a call to a payment provider: done, refused or silent",
    ["call", "outcome"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
money = Counter("jishi_captures_total", "Transactions of providers, by what became of the money", ["standing"])
forged = Counter("jishi_forged_notifications_total", "Reports that were not the provider's")
stuck = Counter(
    "jishi_stuck_refunds_total",
    "Times a refund was found to need a person: abnormal, or stray money that was refused",
)
