"""The payment provider's notifications, and what payments publishes after them."""

from dataclasses import replace

from payments.taking.use_cases import notifications


def accept(open_work, notification, provider="wechat"):
    """Store and process a genuine notification."""
    with open_work() as work:
        work.notifications.add(provider, notification, at=work.now, traceparent=None)
    notifications.process(open_work, (provider, notification.id))


def bare(event):
    """An event of payments without the payment as it is then: replies do not repeat it."""
    return replace(event, current=None) if hasattr(event, "current") else event
