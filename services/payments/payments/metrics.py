"""The metrics of payments."""

from prometheus_client import Counter, Gauge

money = Counter("jishi_captures_total", "Transactions of providers, by whether the money is kept", ["standing"])
forged = Counter("jishi_forged_notifications_total", "Notifications that the provider did not sign")
attention = Gauge("jishi_refunds_needing_operator", "Stalled refunds, by reason", ["why"])
unidentified = Gauge("jishi_unidentified_money", "Open movements of money that no payment or refund explains")
unprocessed = Gauge(
    "jishi_unprocessed_notifications", "Stored notifications of providers whose processing failed so far"
)
unreadable = Counter(
    "jishi_unreadable_notifications_total", "Genuine notifications of providers that cannot be read"
)
