"""The platform's currency, from settings."""

from shared import settings


def currency() -> str:
    """The one currency that goods are sold in (ISO 4217)."""
    return settings.text("CURRENCY", "CNY")
