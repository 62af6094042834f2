"""Limits on what one buyer may have open and unpaid: checkouts, and cash on delivery."""

from collections.abc import Iterable
from dataclasses import dataclass

from orders.fulfilment.front import Order
from shared.errors import Conflict


class TooManyOpenCheckouts(Conflict):
    """At most `most` checkouts may be unpaid at a time: pay or cancel one before ordering more."""

    code = "open_checkouts_exceeded"


class CashOrderTooLarge(Conflict):
    """Cash on delivery is limited to `most` minor units per order: choose another payment method."""

    code = "cash_order_too_large"


class TooMuchOpenCash(Conflict):
    """Undelivered cash orders are limited to `most` minor units in total: choose another payment method."""

    code = "open_cash_exceeded"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Per buyer: number of unpaid checkouts, amount of a cash order, total of open cash orders, in minor units."""

    open_checkouts: int
    cash_order: int
    open_cash: int

    def check_open(self, count: int) -> None:
        """Raise TooManyOpenCheckouts if `count` open checkouts, with the new one, are too many."""
        if count > self.open_checkouts:
            raise TooManyOpenCheckouts(most=self.open_checkouts)

    def check_cash(self, orders: Iterable[Order], together: int) -> None:
        """Raise CashOrderTooLarge, TooMuchOpenCash for new cash orders; `together` is the open total with them."""
        if too_large := [str(order.shop_id) for order in orders if order.total.amount > self.cash_order]:
            raise CashOrderTooLarge(most=self.cash_order, shop_ids=too_large)
        if together > self.open_cash:
            raise TooMuchOpenCash(most=self.open_cash)
