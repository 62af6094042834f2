"""Money that came in through a provider."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from payments.domain.payment import Standing
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class Capture:
    """One transaction at the provider, and what became of its money."""

    capture_id: UUID
    provider: str
    transaction_id: str
    payment_id: UUID
    attempt_id: UUID
    amount: Money
    standing: Standing
    captured_at: datetime
