"""Money: an integer of minor units (fen, cents) with its ISO 4217 currency, and its allocation to shares."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥"}
DECIMALS = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3}  # ISO 4217: the currencies without two decimals


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies cannot be added or compared."""


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` minor units of `currency`: Money(1999, "CNY") is ¥19.99."""

    amount: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"money is counted in whole minor units, not {self.amount!r}")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.amount


def zero(currency: str = "CNY") -> Money:
    return Money(0, currency)


def total(amounts: Iterable[Money], currency: str = "CNY") -> Money:
    """Add amounts up; an empty sum is zero of `currency`."""
    return sum(amounts, zero(currency))


def decimals(currency: str) -> int:
    """The number of decimals of a currency."""
    return DECIMALS.get(currency, 2)


def shown(money: Money) -> str:
    """Format an amount for display: ¥19.99, or with the ISO 4217 code if the currency has no symbol in SYMBOLS."""
    symbol, places = SYMBOLS.get(money.currency, f"{money.currency} "), decimals(money.currency)
    whole, minor = divmod(abs(money.amount), 10**places)
    return f"{'-' if money.amount < 0 else ''}{symbol}{whole}" + (f".{minor:0{places}}" if places else "")


def allocate(whole: Money, weights: Sequence[int]) -> list[Money]:
    """Allocate `whole` to shares in proportion to `weights` (≥ 0, not all zero), exact to the minor unit.

    Largest remainder method (Hamilton): every share is its exact quota rounded down, and the remaining units go to
    the largest remainders, the earlier line first. Σ shares = whole, and for whole ≤ Σ weights no share is larger
    than its weight. Raises ValueError for empty, negative or all-zero weights.
    """
    if not weights or min(weights) < 0 or sum(weights) == 0:
        raise ValueError(f"cannot allocate by the weights {list(weights)}")
    parts = sum(weights)
    sign = -1 if whole.amount < 0 else 1
    floors, remainders = zip(*(divmod(abs(whole.amount) * w, parts) for w in weights), strict=True)
    left = abs(whole.amount) - sum(floors)
    first = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left]
    return [Money(sign * (floors[i] + (i in first)), whole.currency) for i in range(len(weights))]
