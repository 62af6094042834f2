"""Ids: UUIDv7, so that keys created together are close to each other in an index."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562 §5.7), ordered by its millisecond of creation."""
    return uuid_utils.compat.uuid7()


def first_since(timestamp: datetime) -> UUID:
    """The lowest UUIDv7 that can have been created at this time (aware) or later."""
    return UUID(int=int(timestamp.timestamp() * 1000) << 80)


def made_at(identity: UUID) -> datetime:
    """Return the time (aware UTC) in the first 48 bits of a UUIDv7."""
    return datetime.fromtimestamp((identity.int >> 80) / 1000, UTC)
