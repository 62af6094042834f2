"""What is said to people, in both languages of the shop."""

from dataclasses import dataclass

from shared.money import Money

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥"}
WITHOUT_MINOR_UNITS = {"JPY", "KRW", "VND"}


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Simplified Chinese and in English."""

    zh: str
    en: str


def shown(money: Money) -> str:
    """Write an amount as a person reads it: ¥19.99, or the ISO 4217 code for a currency without a symbol here."""
    symbol = SYMBOLS.get(money.currency, f"{money.currency} ")
    if money.currency in WITHOUT_MINOR_UNITS:
        return f"{symbol}{money.amount}"
    whole, minor = divmod(abs(money.amount), 100)
    return f"{'-' if money.amount < 0 else ''}{symbol}{whole}.{minor:02}"
