"""Why an amount is in a price. Each rule of pricing has its reasons beside it, in both languages."""

from dataclasses import dataclass

from marketing.texts import Text
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an amount is in the price; `code` is stable, `amount` is negative for what is taken off."""

    code: str
    text: Text
    amount: Money
