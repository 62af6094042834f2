"""What people read in two languages, and why an amount is what it is."""

from dataclasses import dataclass

from shared.money import Money
from shared.shapes import text


@dataclass(frozen=True, kw_only=True)
class BilingualName:
    """A name in Simplified Chinese and in English."""

    zh: str = text(60)
    en: str = text(60)


@dataclass(frozen=True, kw_only=True)
class BilingualText:
    """Sentences in Simplified Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class AmountReason:
    """Why an amount is in a price or a refund: `code` is stable, `amount` is negative for what is taken off."""

    code: str
    text: BilingualText
    amount: Money
