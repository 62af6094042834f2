"""What one person may have open at a time without having paid: checkouts, and cash on delivery."""

from collections.abc import Iterable
from dataclasses import dataclass

from orders.fulfilment.front import Order
from shared.errors import Conflict


class TooManyOpenCheckouts(Conflict):
    """Pay or cancel what is open before ordering more: at most `most` checkouts may wait for their money."""

    code = "open_checkouts_exceeded"


class CashOrderTooLarge(Conflict):
    """An order for more than `most` minor units is not delivered against cash: choose another way to pay."""

    code = "cash_order_too_large"


class TooMuchOpenCash(Conflict):
    """Cash on delivery that is on its way may be `most` minor units together: choose another way to pay."""

    code = "open_cash_exceeded"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Checkouts that wait for their money, one cash order, a person's open cash orders; money in minor units."""

    open_checkouts: int
    cash_order: int
    open_cash: int

    def check_open(self, count: int) -> None:
        """Raise TooManyOpenCheckouts if a person has `count` checkouts open, the new one among them."""
        if count > self.open_checkouts:
            raise TooManyOpenCheckouts(most=self.open_checkouts)

    def check_cash(self, orders: Iterable[Order], together: int) -> None:
        """Raise CashOrderTooLarge, TooMuchOpenCash for new cash orders; `together`: with all that are open."""
        if too_large := [str(order.shop_id) for order in orders if order.total.amount > self.cash_order]:
            raise CashOrderTooLarge(most=self.cash_order, shop_ids=too_large)
        if together > self.open_cash:
            raise TooMuchOpenCash(most=self.open_cash)
