"""What the auditor found of a checkout that is over, and what orders then says again: let go, give back.

Whether it is over is looked at under its lock. What is said is what the checkout's own saga would have said; it is
harmless where it was said before.
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
    """Let go what a checkout holds that came to nothing, or that orders never knew."""

    def carry_out() -> bool:
        orders = work.orders.lock_checkout(checkout_id)
        if not _came_to_nothing(work, checkout_id, orders):
            return False
        work.publish(COMMANDS[what](checkout_id=checkout_id))
        return True

    return repair(work, caller, f"audit.release_{what}", f"checkout {checkout_id}", carry_out)


def refund(work: Work, caller: Caller, checkout_id: UUID) -> Repaired:
    """Send back the money of a checkout that came to nothing, order by order, and no more than payments has."""

    def carry_out() -> bool:
        orders = [order for order in work.orders.lock_checkout(checkout_id) if order.total]
        if not orders or not _came_to_nothing(work, checkout_id, orders):
            return False
        for order in orders:
            work.publish(_refund_of(order))
        return True

    return repair(work, caller, "audit.refund_cancelled", f"checkout {checkout_id}", carry_out)


def _came_to_nothing(work: Work, checkout_id: UUID, orders: list[Order]) -> bool:
    """Whether it was cancelled before it was confirmed, and nothing of it is under way; or is unknown here."""
    checkout = work.checkouts.get(checkout_id)
    if checkout is None:
        return True
    never = checkout.state is CheckoutState.CANCELLED and all(o.state is OrderState.CANCELLED for o in orders)
    return never and not work.checkouts.is_under_way(checkout_id)


def _refund_of(order: Order) -> RefundPayment:
    """The same number for the same order, so that it goes back once however often it is asked for."""
    return RefundPayment(
        refund_id=uuid5(order.order_id, "audit"),
        payment_id=order.payment_id,
        order_id=order.order_id,
        amount=order.total,
        lines=tuple(_whole(line) for line in payable_lines(order)),
        reason="audit",
    )


def _whole(line: PartLine) -> RefundedLine:
    pieces = line.quantity if line.kind is LineKind.GOODS else 0
    return RefundedLine(line_id=line.line_id, pieces=pieces, amount=line.paid)
