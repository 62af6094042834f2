"""What names a person is not shown to operators, wherever it should turn up."""

from typing import Any

PERSONAL = frozenset({"address", "contact", "name", "phone", "email", "buyer_id", "user_id", "note", "pay_action"})
MASK = "•••"


def masked(data: Any) -> Any:
    """JSON with everything that names a person blotted out."""
    if isinstance(data, dict):
        return {k: MASK if k in PERSONAL and v is not None else masked(v) for k, v in data.items()}
    return [masked(one) for one in data] if isinstance(data, list) else data
