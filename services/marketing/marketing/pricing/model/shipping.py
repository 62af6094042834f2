"""The shipping fee of one shop's goods, by the fee zone of the address."""

from dataclasses import dataclass

from shared.money import Money


@dataclass(frozen=True, slots=True)
class Zone:
    """A fee zone: `fee` per shop, free once a shop's goods after discount reach `free_from` (None: never)."""

    name: str
    fee: Money
    free_from: Money | None = None

    def is_free_for(self, goods: Money) -> bool:
        """Whether shipping is free for `goods`, the amount after discount."""
        return self.free_from is not None and self.free_from <= goods
