"""Money received through a provider."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from payments.taking.model.payment import Standing
from shared.errors import NotFound
from shared.money import Money


class CaptureNotFound(NotFound):
    """There is no such capture."""

    code = "capture_not_found"


@dataclass(frozen=True, kw_only=True)
class Capture:
    """One transaction at the provider, and whether its money is kept."""

    capture_id: UUID
    provider: str
    transaction_id: str
    payment_id: UUID
    attempt_id: UUID
    amount: Money
    standing: Standing
    captured_at: datetime
