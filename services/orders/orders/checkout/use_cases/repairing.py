"""Repairs of failed checkouts that the auditor found: release what they hold, refund what was paid.

Whether the checkout has failed is checked under its lock. The commands are those of its own saga; sending them
again is harmless.
"""

from uuid import UUID, uuid5

from orders.checkout.model.checkout import CheckoutState
from orders.fulfilment.front import Order, OrderState, payable_lines
from orders.work import Work
from shared.auth import Caller
from shared.contracts.auditing.views import Repaired
from shared.contracts.catalog import ReleaseStock
from shared.contracts.marketing import ReleaseBenefits
from shared.contracts.orders.audit import Held
from shared.contracts.payments import LineKind, PartLine, RefundedLine, RefundPayment
from shared.repairing import repair

COMMANDS = {Held.STOCK: ReleaseStock, Held.BENEFITS: ReleaseBenefits}


def release(work: Work, caller: Caller, checkout_id: UUID, what: Held) -> Repaired:
    """Release what a checkout holds that has failed, or that is unknown to orders."""

    def carry_out() -> bool:
        orders = work.orders.lock_checkout(checkout_id)
        if not _has_failed(work, checkout_id, orders):
            return False
        work.publish(COMMANDS[what](checkout_id=checkout_id))
        return True

    return repair(work, caller, f"audit.release_{what}", f"checkout {checkout_id}", carry_out)


def refund(work: Work, caller: Caller, checkout_id: UUID) -> Repaired:
    """Refund a failed checkout, order by order. Payments refuses more than was paid."""

    def carry_out() -> bool:
        orders = [order for order in work.orders.lock_checkout(checkout_id) if order.total]
        if not orders or not _has_failed(work, checkout_id, orders):
            return False
        for order in orders:
            work.publish(_refund_of(order))
        return True

    return repair(work, caller, "audit.refund_cancelled", f"checkout {checkout_id}", carry_out)


def _has_failed(work: Work, checkout_id: UUID, orders: list[Order]) -> bool:
    """Whether the checkout was cancelled before it was confirmed and its saga has ended, or is unknown here."""
    checkout = work.checkouts.get(checkout_id)
    if checkout is None:
        return True
    cancelled = checkout.state is CheckoutState.CANCELLED and all(o.state is OrderState.CANCELLED for o in orders)
    return cancelled and not work.checkouts.is_running(checkout_id)


def _refund_of(order: Order) -> RefundPayment:
    """A refund of the whole order, with an id derived from the order's, so that it is paid once."""
    return RefundPayment(
        refund_id=uuid5(order.order_id, "audit"),
        payment_id=order.payment_id,
        order_id=order.order_id,
        amount=order.total,
        lines=tuple(_whole_line(line) for line in payable_lines(order)),
        reason="audit",
    )


def _whole_line(line: PartLine) -> RefundedLine:
    quantity = line.quantity if line.kind is LineKind.GOODS else 0
    return RefundedLine(line_id=line.line_id, pieces=quantity, amount=line.paid)
