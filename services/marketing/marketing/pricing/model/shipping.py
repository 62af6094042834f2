"""What sending one shop's goods costs, by the fee zone of the address."""

from dataclasses import dataclass

from marketing.pricing.model import reasons
from marketing.pricing.model.reasons import Reason
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Zone:
    """A fee zone: `fee` per shop, free once a shop's goods after discount reach `free_from` (None: never)."""

    name: str
    fee: Money
    free_from: Money | None = None

    def shipping(self, goods: Money) -> Reason:
        """The fee for goods worth `goods` after discount, with its reason."""
        if self.free_from is not None and self.free_from <= goods:
            return reasons.shipping_free(self.free_from)
        return reasons.shipping(self.fee, self.free_from)
