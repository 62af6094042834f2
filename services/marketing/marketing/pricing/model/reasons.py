"""The reason for an amount in a price. Each pricing rule defines its reasons, in both languages."""

from dataclasses import dataclass

from marketing.texts import Text
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason for an amount; `code` is stable, `amount` is negative for a discount."""

    code: str
    text: Text
    amount: Money
