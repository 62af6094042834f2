"""The states of a refund, its reasons and its failures."""

from enum import StrEnum


class RefundState(StrEnum):
    """The state of a refund."""

    REQUESTED = "requested"
    RUNNING = "running"
    REFUNDED = "refunded"
    REFUSED = "refused"
    FAILED = "failed"


class RefundReason(StrEnum):
    """Why a refund was made. The text that the user typed is stored separately."""

    REQUESTED_BY_BUYER = "requested_by_buyer"
    ORDER_CANCELLED = "order_cancelled"


class RefundFailure(StrEnum):
    """Why a granted refund could not be paid."""

    PAYMENT_UNPAID = "payment_unpaid"
    REFUND_AMOUNT_INVALID = "refund_amount_invalid"
    REFUND_AMOUNT_EXCEEDED = "refund_amount_exceeded"
    PAYMENT_NOT_FOUND = "payment_not_found"
    ORDER_NOT_FOUND = "order_not_found"
    CANCELLED_BY_OPERATOR = "cancelled_by_operator"
    REFUND_FAILED = "refund_failed"


R = RefundState

REFUND_TRANSITIONS: dict[StrEnum, frozenset[StrEnum]] = {
    R.REQUESTED: frozenset({R.RUNNING, R.REFUSED}),
    R.RUNNING: frozenset({R.REFUNDED, R.FAILED}),
    R.REFUNDED: frozenset(),
    R.REFUSED: frozenset(),
    R.FAILED: frozenset(),
}
