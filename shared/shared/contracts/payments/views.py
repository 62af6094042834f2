"""The answers of payments."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.payments.codes import Method, PaymentReason, Standing
from shared.contracts.payments.lines import PartLine, RefundedLine
from shared.contracts.payments.pay_actions import PayAction
from shared.money import Money


class PaymentState(StrEnum):
    """The state of a payment."""

    OPENING = "opening"
    OPEN = "open"
    CAPTURED = "captured"
    CANCELLED = "cancelled"
    FAILED = "failed"


class RefundState(StrEnum):
    """The state of a refund: due while `requested` or `processing`, paid if `succeeded` or `settled_by_hand`."""

    REQUESTED = "requested"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    SETTLED_BY_HAND = "settled_by_hand"
    FAILED = "failed"


class Tender(StrEnum):
    """How a refund is paid: by the provider, in cash, or by reducing the amount due."""

    PROVIDER = "provider"
    CASH = "cash"
    RECEIVABLE = "receivable"


class AttemptState(StrEnum):
    """The state of an attempt at the provider; `abnormal` needs action in the provider's console."""

    REQUESTED = "requested"
    PROCESSING = "processing"
    ABNORMAL = "abnormal"
    CLOSED = "closed"
    SUCCEEDED = "succeeded"


class AttemptResult(StrEnum):
    """A provider's last answer to an attempt: its state, or why it was refused; `silent`: no answer.

    The provider's own code is in the error of the call.
    """

    REQUESTED = "requested"
    PROCESSING = "processing"
    ABNORMAL = "abnormal"
    CLOSED = "closed"
    SUCCEEDED = "succeeded"
    SILENT = "silent"
    DIFFERS_FROM_OURS = "differs_from_ours"
    ALREADY_PAID = "already_paid"
    ALREADY_CLOSED = "already_closed"
    NUMBER_IN_USE = "number_in_use"
    NOT_FOUND = "not_found"
    PAYER_ACCOUNT_UNAVAILABLE = "payer_account_unavailable"
    BALANCE_INSUFFICIENT = "balance_insufficient"
    AMOUNT_INVALID = "amount_invalid"
    REQUEST_INVALID = "request_invalid"
    RATE_LIMITED = "rate_limited"
    NOT_PERMITTED = "not_permitted"
    NOT_SUPPORTED = "not_supported"
    REJECTED = "rejected"


class StallReason(StrEnum):
    """Why a refund needs an operator."""

    TO_BE_CONFIRMED = "to_be_confirmed"
    DIFFERS_FROM_OURS = "differs_from_ours"
    ABNORMAL = "abnormal"
    NOT_SUPPORTED = "not_supported"
    CLOSED_REPEATEDLY = "closed_repeatedly"
    REFUSED = "refused"
    SLOW = "slow"


class PaidFrom(StrEnum):
    """The source or destination of money that was moved by hand; `written_off`: the platform bears it."""

    BANK = "bank"
    PROVIDER = "provider"
    WRITTEN_OFF = "written_off"


class UnidentifiedKind(StrEnum):
    """The direction of unidentified money: a receipt came in, a refund went out."""

    RECEIPT = "receipt"
    REFUND = "refund"


class UnidentifiedState(StrEnum):
    """The state of unidentified money; a refund that was written off is `returned`, too."""

    OPEN = "open"
    ASSIGNED = "assigned"
    RETURNED = "returned"


class UnidentifiedReason(StrEnum):
    """Why no payment or refund explains the money."""

    ORDER_NOT_FOUND = "order_not_found"
    TRANSACTION_OF_ANOTHER_PAYMENT = "transaction_of_another_payment"
    ANOTHER_APP = "another_app"
    REFUND_NOT_FOUND = "refund_not_found"
    DIFFERS_FROM_OURS = "differs_from_ours"
    PAID_ALREADY = "paid_already"
    NOT_PAYABLE = "not_payable"


class PostingKind(StrEnum):
    """The kind of a posting."""

    CAPTURED = "captured"
    UNAPPLIED_CAPTURED = "unapplied_captured"
    RECEIVABLE_BOOKED = "receivable_booked"
    CASH_TAKEN = "cash_taken"
    WRITTEN_OFF = "written_off"
    REFUND_REQUESTED = "refund_requested"
    REFUND_REQUESTED_AGAIN = "refund_requested_again"
    REFUND_SETTLED = "refund_settled"
    REFUND_SETTLED_BY_HAND = "refund_settled_by_hand"
    REFUND_ASSIGNED = "refund_assigned"
    UNIDENTIFIED_BOOKED = "unidentified_booked"
    UNIDENTIFIED_MATCHED = "unidentified_matched"
    UNIDENTIFIED_ASSIGNED = "unidentified_assigned"
    UNIDENTIFIED_RETURNED = "unidentified_returned"


class LedgerAccount(StrEnum):
    """The chart of accounts."""

    PROVIDER_CLEARING = "provider_clearing"
    CASH_WITH_CARRIERS = "cash_with_carriers"
    RECEIVABLE = "receivable"
    MERCHANT_PAYABLE = "merchant_payable"
    BANK = "bank"
    REFUNDS_IN_TRANSIT = "refunds_in_transit"
    UNAPPLIED_RECEIPTS = "unapplied_receipts"
    UNIDENTIFIED_RECEIPTS = "unidentified_receipts"
    UNIDENTIFIED_REFUNDS = "unidentified_refunds"
    LOSSES = "losses"


class ProviderCallKind(StrEnum):
    """The kind of a provider call."""

    OPEN = "open"
    QUERY = "query"
    CLOSE = "close"
    REFUND = "refund"
    QUERY_REFUND = "query_refund"


class NotificationKind(StrEnum):
    """What a provider's notification is about."""

    PAYMENT = "payment"
    REFUND = "refund"


@dataclass(frozen=True, kw_only=True)
class Payment:
    """The payment of a checkout; `pay_action` is what the shopper does to pay, while it can be paid.

    `reason`: why it was cancelled or failed.
    """

    payment_id: UUID
    checkout_id: UUID
    state: PaymentState
    method: Method
    amount: Money
    pay_action: PayAction
    expires_at: datetime
    captured_at: datetime | None
    reason: PaymentReason | None


@dataclass(frozen=True, kw_only=True)
class PaymentLine(PartLine):
    """A paid line of an order, and what is refunded of it: paid out or in transit."""

    refunded_quantity: int
    refunded: Money


@dataclass(frozen=True, kw_only=True)
class PaymentPart:
    """One order's share of a payment."""

    order_id: UUID
    shop_id: UUID
    amount: Money
    receivable: Money
    captured: Money
    refunded: Money
    written_off: Money
    lines: tuple[PaymentLine, ...]


@dataclass(frozen=True, kw_only=True)
class Capture:
    """Money that was received by one transaction of the provider, and what is done with it."""

    capture_id: UUID
    provider: str
    transaction_id: str
    attempt_id: UUID
    amount: Money
    standing: Standing
    captured_at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentRefund:
    """A refund; without an order it returns money that did not pay the checkout, and has no lines.

    `reason` is the code given by the requester, `failure` the code of the rule that refused it.
    """

    refund_id: UUID
    order_id: UUID | None
    amount: Money
    tender: Tender
    state: RefundState
    reason: str
    failure: str | None
    requested_at: datetime
    lines: tuple[RefundedLine, ...]


@dataclass(frozen=True, kw_only=True)
class ReturnedMoney:
    """Money that came too late, twice or with a wrong amount for a checkout, and the state of its refund."""

    refund_id: UUID
    amount: Money
    state: RefundState
    requested_at: datetime


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """An entry of a posting, positive for a debit; an `account` of a shop or provider ends with its id or name."""

    posting_id: UUID
    posting: PostingKind
    posted_at: datetime
    account: str
    amount: Money
    order_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ProviderCall:
    """A provider call; without `due_at` it is finished."""

    kind: ProviderCallKind
    key: UUID
    tries: int
    due_at: datetime | None
    error: str | None


@dataclass(frozen=True, kw_only=True)
class PaymentNotification:
    """A notification of the provider about a payment; `due_at` is null once it is processed, with an outcome."""

    event_id: str
    provider: str
    kind: NotificationKind | None
    received_at: datetime
    tries: int
    due_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, kw_only=True)
class PaymentDetails:
    """A payment with its parts, captures, refunds, ledger entries, provider calls and notifications."""

    payment: Payment
    parts: tuple[PaymentPart, ...]
    captures: tuple[Capture, ...]
    refunds: tuple[PaymentRefund, ...]
    entries: tuple[LedgerEntry, ...]
    calls: tuple[ProviderCall, ...]
    notifications: tuple[PaymentNotification, ...]


@dataclass(frozen=True, kw_only=True)
class AccountBalance:
    """The balance of an account, summed over all shops; assets are positive, liabilities negative.

    `provider` is set for accounts that each payment provider has.
    """

    account: LedgerAccount
    provider: str | None
    balance: Money


@dataclass(frozen=True, kw_only=True)
class TrialBalance:
    """All accounts of the ledger; `balanced` if they add up to zero in each currency."""

    accounts: tuple[AccountBalance, ...]
    balanced: bool


@dataclass(frozen=True, kw_only=True)
class RefundAttempt:
    """An attempt of a refund, with a number of its own at the provider; `result` is the provider's last answer."""

    attempt_id: UUID
    position: int
    state: AttemptState
    result: AttemptResult | None
    stalled_since: datetime | None
    unanswered_since: datetime | None
    requested_at: datetime


@dataclass(frozen=True, kw_only=True)
class ManualSettlement:
    """A transfer that an operator made by hand; it takes effect when it is confirmed."""

    paid_from: PaidFrom
    proof: str
    note: str
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RefundProgress:
    """A refund with its attempts. `why`: what it needs an operator for, or null."""

    refund_id: UUID
    payment_id: UUID
    order_id: UUID | None
    amount: Money
    state: RefundState
    requested_at: datetime
    why: StallReason | None
    attempts: tuple[RefundAttempt, ...]
    settlement: ManualSettlement | None


@dataclass(frozen=True, kw_only=True)
class UnidentifiedMoney:
    """Money that moved at a provider and that no payment or refund explains."""

    unidentified_id: UUID
    kind: UnidentifiedKind
    why: UnidentifiedReason
    provider: str
    number: str
    out_trade_no: str
    provider_number: str
    amount: Money
    happened_at: datetime
    booked_at: datetime
    state: UnidentifiedState
    settlement: ManualSettlement | None


@dataclass(frozen=True, kw_only=True)
class NotificationReceived:
    """A notification is stored: the response that its provider expects, with its media type."""

    media_type: str
    body: str
