"""What payments answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.payments.events import Method, PaymentReason, Standing
from shared.contracts.payments.lines import PartLine, RefundedLine
from shared.contracts.payments.pay_actions import PayAction
from shared.money import Money


class PaymentState(StrEnum):
    """Where a payment is."""

    OPENING = "opening"
    OPEN = "open"
    CAPTURED = "captured"
    CANCELLED = "cancelled"
    FAILED = "failed"


class RefundState(StrEnum):
    """Where a refund is: owed while `asked` or `processing`, arrived once `succeeded` or `settled_by_hand`."""

    REQUESTED = "requested"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    SETTLED_BY_HAND = "settled_by_hand"
    FAILED = "failed"


class Tender(StrEnum):
    """Out of what a refund is paid: by the provider, in cash, or by owing less."""

    PROVIDER = "provider"
    CASH = "cash"
    RECEIVABLE = "receivable"


class AttemptState(StrEnum):
    """How an attempt stands at the provider; `abnormal` needs a person there."""

    REQUESTED = "requested"
    PROCESSING = "processing"
    ABNORMAL = "abnormal"
    CLOSED = "closed"
    SUCCEEDED = "succeeded"


class AttemptWord(StrEnum):
    """What a provider said last to an attempt: how it stands, or why it refused; `silent`: nothing.

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
    """Why a refund needs a person."""

    TO_BE_CONFIRMED = "to_be_confirmed"
    DIFFERS_FROM_OURS = "differs_from_ours"
    ABNORMAL = "abnormal"
    NOT_SUPPORTED = "not_supported"
    CLOSED_REPEATEDLY = "closed_repeatedly"
    REFUSED = "refused"
    SLOW = "slow"


class PaidFrom(StrEnum):
    """From where money was sent by hand, or to where it came back; `written_off`: the platform bears it."""

    BANK = "bank"
    PROVIDER = "provider"
    WRITTEN_OFF = "written_off"


class UnidentifiedKind(StrEnum):
    """Which way unidentified money went: a receipt came in, a refund went out."""

    RECEIPT = "receipt"
    REFUND = "refund"


class UnidentifiedState(StrEnum):
    """What became of unidentified money; a refund that is written off is `returned` too."""

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
    NOT_OWED = "not_owed"


class PostingKind(StrEnum):
    """What happened to the money of a posting."""

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
    """What a provider is asked."""

    OPEN = "open"
    QUERY = "query"
    CLOSE = "close"
    REFUND = "refund"
    QUERY_REFUND = "query_refund"


@dataclass(frozen=True, kw_only=True)
class Payment:
    """How a checkout is paid; `pay_action` is what the shopper does while it can be paid.

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
    """A line of an order as it was paid, and what goes back of it: has arrived, or is on its way."""

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
    """Money that came in by one transaction of the provider, and what became of it."""

    capture_id: UUID
    provider: str
    transaction_id: str
    attempt_id: UUID
    amount: Money
    standing: Standing
    captured_at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentRefund:
    """Money on its way back; without an order it is money that was not kept, and has no lines.

    `reason` is the code of who asked for it, `failure` the code of the rule that refused it.
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
class LedgerEntry:
    """One entry of a posting, positive for a debit; `account` of a shop or provider ends in its id or name."""

    posting: PostingKind
    posted_at: datetime
    account: str
    amount: Money
    order_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ProviderCall:
    """What a provider is asked; without `due_at` it need not be asked (again)."""

    kind: ProviderCallKind
    key: UUID
    tries: int
    due_at: datetime | None
    error: str | None


@dataclass(frozen=True, kw_only=True)
class PaymentDetails:
    """Everything known of a payment."""

    payment: Payment
    parts: tuple[PaymentPart, ...]
    captures: tuple[Capture, ...]
    refunds: tuple[PaymentRefund, ...]
    entries: tuple[LedgerEntry, ...]
    calls: tuple[ProviderCall, ...]


@dataclass(frozen=True, kw_only=True)
class AccountBalance:
    """An account of the chart, over all shops; assets are positive, liabilities negative.

    `provider` names the payment provider whose account it is, where each has its own.
    """

    account: LedgerAccount
    provider: str | None
    balance: Money


@dataclass(frozen=True, kw_only=True)
class TrialBalance:
    """All accounts of the ledger; `balanced` when they add up to zero in each currency."""

    accounts: tuple[AccountBalance, ...]
    balanced: bool


@dataclass(frozen=True, kw_only=True)
class RefundAttempt:
    """One number under which the provider was asked; `word` is what it said last to it."""

    attempt_id: UUID
    position: int
    state: AttemptState
    word: AttemptWord | None
    stalled_since: datetime | None
    unanswered_since: datetime | None
    requested_at: datetime


@dataclass(frozen=True, kw_only=True)
class ManualSettlement:
    """What an operator says was moved by hand; it counts once it is confirmed."""

    paid_from: PaidFrom
    proof: str
    note: str
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RefundProgress:
    """A refund with its attempts. `why`: what it needs a person for; null when it needs none."""

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
    """A notification is stored: what its provider wants to read then, of which media type."""

    media_type: str
    body: str
