"""Views of provider calls."""

from collections.abc import Mapping
from typing import Any

from shared.contracts.payments import views


def call(row: Mapping[Any, Any]) -> views.ProviderCall:
    """A provider call, from its row."""
    return views.ProviderCall(
        kind=views.ProviderCallKind(row["kind"]),
        key=row["key"],
        tries=row["tries"],
        due_at=row["due_at"],
        error=row["error"],
    )
