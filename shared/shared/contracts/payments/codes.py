"""The codes of payments."""

from enum import StrEnum


class Method(StrEnum):
    """The payment method of a checkout."""

    WECHAT = "wechat"
    CASH_ON_DELIVERY = "cash_on_delivery"
    NOTHING = "nothing"  # the amount due is zero


class Standing(StrEnum):
    """What is done with captured money."""

    KEPT = "kept"
    RETURNED = "returned"


class PaymentReason(StrEnum):
    """Why a payment was refused, or was cancelled or expired unpaid."""

    TOO_LATE = "too_late"
    NO_TIME_TO_PAY = "no_time_to_pay"
    CURRENCY_NOT_SUPPORTED = "currency_not_supported"
    PARTS_DO_NOT_ADD_UP = "parts_do_not_add_up"
    PAYMENT_METHOD_SWITCHED_OFF = "payment_method_switched_off"
    PAYMENT_METHOD_UNAVAILABLE = "payment_method_unavailable"
    METHOD_DOES_NOT_FIT = "method_does_not_fit"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    WRITTEN_OFF = "written_off"
    PROVIDER_SILENT = "provider_silent"
    NOT_FOUND = "not_found"  # this and the following: the provider refused it
    PAYER_ACCOUNT_UNAVAILABLE = "payer_account_unavailable"
    BALANCE_INSUFFICIENT = "balance_insufficient"
    AMOUNT_INVALID = "amount_invalid"
    REQUEST_INVALID = "request_invalid"
    RATE_LIMITED = "rate_limited"
    NOT_PERMITTED = "not_permitted"
    NOT_SUPPORTED = "not_supported"
    REJECTED = "rejected"
