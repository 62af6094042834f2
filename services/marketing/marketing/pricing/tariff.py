"""The platform's shipping fees, from settings."""

from marketing.currency import currency
from marketing.pricing.model.shipping import Zone
from shared import settings
from shared.money import Money
from shared.zones import zone_of


def zone(division_code: str) -> Zone:
    """The fee zone of a division; the settings are in minor units of the platform's currency."""
    if zone_of(division_code) == "remote":
        return Zone("remote", _amount("SHIPPING_REMOTE_FEE", 2000))
    free_from = _amount("SHIPPING_STANDARD_FREE_FROM", 8800)
    return Zone("standard", _amount("SHIPPING_STANDARD_FEE", 800), free_from)


def _amount(name: str, default: int) -> Money:
    return Money(settings.whole(name, default), currency())
