"""Texts for users in two languages, and reasons of amounts."""

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
    """Why an amount is in a price or a refund: `code` is stable, `amount` is negative for a deduction."""

    code: str
    text: BilingualText
    amount: Money
