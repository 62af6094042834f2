"""Delivers the payment provider's notifications."""

from payments.taking.use_cases import notifications


def accept(open_work, notification, provider="wechat"):
    """Store and process a genuine notification."""
    with open_work() as work:
        work.notifications.add(provider, notification, at=work.now, traceparent=None)
    notifications.process(open_work, (provider, notification.id))
