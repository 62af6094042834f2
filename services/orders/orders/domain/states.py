"""Where an order can stand, and which moves there are. A repeated move is harmless, a wrong one raises."""

from enum import StrEnum

from shared.errors import Conflict


class OrderState(StrEnum):
    """The life of one shop's order."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    PREPARING = "preparing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


SENT = (OrderState.SHIPPED, OrderState.DELIVERED, OrderState.COMPLETED)


class RefundState(StrEnum):
    """The life of one wish for money back."""

    REQUESTED = "requested"
    RUNNING = "running"
    REFUNDED = "refunded"
    REFUSED = "refused"
    FAILED = "failed"


class WrongMove(Conflict):
    """That cannot be done in the present state."""

    code = "wrong_state"


S, R = OrderState, RefundState

ORDER_MOVES: dict[StrEnum, frozenset[StrEnum]] = {
    S.PLACED: frozenset({S.CONFIRMED, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.PREPARING, S.CANCELLING}),
    S.PREPARING: frozenset({S.SHIPPED, S.CANCELLING}),
    S.SHIPPED: frozenset({S.DELIVERED}),
    S.DELIVERED: frozenset({S.COMPLETED}),
    S.COMPLETED: frozenset(),
    S.CANCELLING: frozenset({S.CANCELLED}),
    S.CANCELLED: frozenset(),
}

REFUND_MOVES: dict[StrEnum, frozenset[StrEnum]] = {
    R.REQUESTED: frozenset({R.RUNNING, R.REFUSED}),
    R.RUNNING: frozenset({R.REFUNDED, R.FAILED}),
    R.REFUNDED: frozenset(),
    R.REFUSED: frozenset(),
    R.FAILED: frozenset(),
}


def moves(table: dict[StrEnum, frozenset[StrEnum]], present: StrEnum, wanted: StrEnum) -> bool:
    """Tell whether the move changes anything; raise WrongMove when there is no such move."""
    if present == wanted:
        return False
    if wanted not in table[present]:
        raise WrongMove(f"{present} cannot become {wanted}", state=str(present), wanted=str(wanted))
    return True
