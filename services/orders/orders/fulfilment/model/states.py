"""The states of an order, who changes them, and the reasons of a cancellation."""

from enum import StrEnum

from shared.errors import Conflict


class OrderState(StrEnum):
    """The state of an order."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    PREPARING = "preparing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


SENT = (OrderState.SHIPPED, OrderState.DELIVERED, OrderState.COMPLETED)


class Actor(StrEnum):
    """Who changed an order's state."""

    SHOPPER = "shopper"
    MERCHANT = "merchant"
    OPERATOR = "operator"
    CARRIER = "carrier"
    SYSTEM = "system"


class CancellationReason(StrEnum):
    """Why a checkout or an order was cancelled. The text that the user typed is stored separately."""

    OUT_OF_STOCK = "out_of_stock"
    OFF_SHELF = "off_shelf"
    STOCK_HOLD_EXCEEDED = "stock_hold_exceeded"
    STOCK_UNAVAILABLE = "stock_unavailable"
    BENEFIT_TAKEN = "benefit_taken"
    BENEFIT_EXPIRED = "benefit_expired"
    BENEFIT_NOT_FOUND = "benefit_not_found"
    BENEFITS_UNAVAILABLE = "benefits_unavailable"
    PAYMENT_REFUSED = "payment_refused"
    PAYMENT_UNAVAILABLE = "payment_unavailable"
    PAYMENT_EXPIRED = "payment_expired"
    TOO_LATE = "too_late"
    RELEASED = "released"
    CANCELLED_BY_BUYER = "cancelled_by_buyer"
    CANCELLED_BY_OPERATOR = "cancelled_by_operator"
    REFUSED_BY_SHOP = "refused_by_shop"
    REFUND_GRANTED = "refund_granted"
    CANCELLED = "cancelled"


class TransitionNotAllowed(Conflict):
    """This is not possible in the present state."""

    code = "transition_not_allowed"


S = OrderState

ORDER_TRANSITIONS: dict[StrEnum, frozenset[StrEnum]] = {
    S.PLACED: frozenset({S.CONFIRMED, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.PREPARING, S.CANCELLING}),
    S.PREPARING: frozenset({S.SHIPPED, S.CANCELLING}),
    S.SHIPPED: frozenset({S.DELIVERED}),
    S.DELIVERED: frozenset({S.COMPLETED}),
    S.COMPLETED: frozenset(),
    S.CANCELLING: frozenset({S.CANCELLED}),
    S.CANCELLED: frozenset(),
}


def moves(table: dict[StrEnum, frozenset[StrEnum]], present: StrEnum, wanted: StrEnum) -> bool:
    """Whether the transition changes the state. Raises TransitionNotAllowed if it is not in the table."""
    if present == wanted:
        return False
    if wanted not in table[present]:
        raise TransitionNotAllowed(f"{present} cannot become {wanted}", state=str(present), wanted=str(wanted))
    return True
