"""Ids: UUIDv7, so that keys made together lie together in an index."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562 §5.7), ordered by the millisecond it was made in."""
    return uuid_utils.compat.uuid7()


def first_since(timestamp: datetime) -> UUID:
    """The lowest UUIDv7 that can have been made at this moment (aware) or later."""
    return UUID(int=int(timestamp.timestamp() * 1000) << 80)


def made_at(identity: UUID) -> datetime:
    """Return the moment (aware UTC) that a UUIDv7 carries in its first 48 bits."""
    return datetime.fromtimestamp((identity.int >> 80) / 1000, UTC)
