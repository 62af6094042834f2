"""Masks personal data in JSON documents that operators see."""

from typing import Any

PERSONAL = frozenset({"address", "contact", "name", "phone", "email", "buyer_id", "user_id", "note", "pay_action"})
MASK = "•••"


def masked(data: Any) -> Any:
    """The JSON with the values of all personal fields replaced by a mask."""
    if isinstance(data, dict):
        return {k: MASK if k in PERSONAL and v is not None else masked(v) for k, v in data.items()}
    return [masked(one) for one in data] if isinstance(data, list) else data


class Unmaskable(ValueError):
    """A masked value has no counterpart in the original."""


def unmasked(edited: Any, original: Any) -> Any:
    """The edited JSON with the original's values where they were masked.

    Raises Unmaskable where there is none, or where a list has another length, so that items may have moved.
    """
    if isinstance(edited, dict):
        known = original if isinstance(original, dict) else {}
        return {name: _member(name, value, known) for name, value in edited.items()}
    if isinstance(edited, list):
        same = isinstance(original, list) and len(original) == len(edited)
        return [unmasked(one, original[at] if same else None) for at, one in enumerate(edited)]
    return edited


def _member(name: str, value: Any, original: dict[str, Any]) -> Any:
    if name not in PERSONAL or value != MASK:
        return unmasked(value, original.get(name))
    if name not in original:
        raise Unmaskable(name)
    return original[name]
