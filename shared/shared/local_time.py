"""The platform's time zone, which decides about days and quiet hours. Timestamps themselves are aware UTC."""

from zoneinfo import ZoneInfo

from shared import settings


def platform_zone() -> ZoneInfo:
    """The zone of PLATFORM_ZONE, an IANA name. Raises ZoneInfoNotFoundError."""
    return ZoneInfo(settings.text("PLATFORM_ZONE", "Asia/Shanghai"))
