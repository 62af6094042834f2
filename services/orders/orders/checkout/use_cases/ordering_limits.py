"""The limits on unpaid orders, from settings."""

from orders.checkout.model.checkout import Checkout
from orders.checkout.model.limits import Limits
from orders.fulfilment.front import Order
from orders.work import Work
from shared import settings
from shared.contracts.payments import Method


def limits() -> Limits:
    """The limits from the settings."""
    return Limits(
        open_checkouts=settings.whole("OPEN_CHECKOUTS_LIMIT", 10),
        cash_order=settings.whole("CASH_ORDER_LIMIT", 200_000),
        open_cash=settings.whole("OPEN_CASH_LIMIT", 500_000),
    )


def check(work: Work, new: Checkout, orders: list[Order]) -> None:
    """Check a buyer's open checkouts and cash orders, with `new`, which is stored. The cart is locked.

    Raises TooManyOpenCheckouts, CashOrderTooLarge, TooMuchOpenCash.
    """
    limits().check_open(work.checkouts.count_open(new.buyer_id))
    if new.method == Method.CASH_ON_DELIVERY:
        limits().check_cash(orders, work.checkouts.open_cash(new.buyer_id))
