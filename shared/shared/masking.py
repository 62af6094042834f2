"""Masks personal data in JSON documents that operators see."""

from typing import Any

PERSONAL = frozenset({"address", "contact", "name", "phone", "email", "buyer_id", "user_id", "note", "pay_action"})
MASK = "•••"


def masked(data: Any) -> Any:
    """The JSON with the values of all personal fields replaced by a mask."""
    if isinstance(data, dict):
        return {k: MASK if k in PERSONAL and v is not None else masked(v) for k, v in data.items()}
    return [masked(one) for one in data] if isinstance(data, list) else data
