"""The states, kinds and reasons of carts, checkouts, orders, parcels and refunds."""

from enum import StrEnum


class MergeRefusal(StrEnum):
    """Why a line of a guest's cart was not merged."""

    CART_FULL = "cart_full"


class CheckoutState(StrEnum):
    """The state of a checkout: `placed` until it is confirmed or cancelled."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class OrderState(StrEnum):
    """The state of an order; `cancelling`: it will be cancelled, and is not refunded yet."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    PREPARING = "preparing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


class OrderActor(StrEnum):
    """Who changed an order's state."""

    SHOPPER = "shopper"
    MERCHANT = "merchant"
    OPERATOR = "operator"
    CARRIER = "carrier"
    SYSTEM = "system"


class CancellationReason(StrEnum):
    """Why a checkout or an order was cancelled."""

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


class ParcelState(StrEnum):
    """The state of a parcel."""

    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"


class RefundPolicy(StrEnum):
    """What a refund before shipping pays: the fixed shares, or less if the remaining lines then cost more."""

    FROZEN_SHARES = "frozen_shares"
    REPRICE_BEFORE_SHIPPING = "reprice_before_shipping"


class RefundState(StrEnum):
    """The state of a refund: `requested` until the shop decides, `running` until the money has arrived."""

    REQUESTED = "requested"
    RUNNING = "running"
    REFUNDED = "refunded"
    REFUSED = "refused"
    FAILED = "failed"


class RefundKind(StrEnum):
    """Whether a refund is for a part of the order, or cancels it."""

    REFUND = "refund"
    CANCELLATION = "cancellation"


class RefundReason(StrEnum):
    """Why money is refunded."""

    REQUESTED_BY_BUYER = "requested_by_buyer"
    ORDER_CANCELLED = "order_cancelled"


class RefundFailure(StrEnum):
    """Why an approved refund could not be paid."""

    PAYMENT_UNPAID = "payment_unpaid"
    REFUND_AMOUNT_INVALID = "refund_amount_invalid"
    REFUND_AMOUNT_EXCEEDED = "refund_amount_exceeded"
    PAYMENT_NOT_FOUND = "payment_not_found"
    ORDER_NOT_FOUND = "order_not_found"
    CANCELLED_BY_OPERATOR = "cancelled_by_operator"
    REFUND_FAILED = "refund_failed"
