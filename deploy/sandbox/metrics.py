"""The metrics of the sandbox."""

from prometheus_client import Counter

REQUESTS = Counter("sandbox_requests", "Calls of the merchant.", ["route", "code"])
NOTIFICATIONS = Counter("sandbox_notifications", "Notifications sent.", ["event_type", "outcome"])
