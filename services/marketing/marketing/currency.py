"""The platform's currency, from settings."""

from shared import settings


def currency() -> str:
    """The currency of all prices (ISO 4217)."""
    return settings.text("CURRENCY", "CNY")
