"""What payments needs of a payment provider, in payments' words.

An adapter (`wechat.WeChatPay`, in tests `FakeWeChatPay`) has six methods:

    open(out_trade_no, description, amount, expires_at) -> code_url
    query(out_trade_no) -> ProviderPayment | None
    close(out_trade_no) -> Closing
    refund(out_refund_no, out_trade_no, amount, total, reason) -> ProviderRefund
    query_refund(out_refund_no) -> ProviderRefund | None
    read_notification(headers, body) -> Notification

Each may raise ProviderRefused or ProviderSilent; read_notification raises ForgedNotification.
All but read_notification go over the network: never call them inside a database transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.money import Money


class ProviderRefused(Exception):
    """The provider understood and said no; asking again changes nothing. `code` is the provider's own."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


class ProviderSilent(Exception):
    """Nobody knows what the provider did: ask again with the same number, or query."""


class ForgedNotification(Exception):
    """This does not come from the provider, is too old, or is meant for somebody else."""


class PaymentState(StrEnum):
    """A payment as the provider has it."""

    OPEN = "open"
    FAILED = "failed"  # the last try failed; it can be paid until it is closed
    PAID = "paid"  # also when some of it was refunded since
    CLOSED = "closed"


class RefundState(StrEnum):
    """A refund as the provider has it."""

    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    ABNORMAL = "abnormal"  # the payer's account does not take it; a person has to act at the provider
    CLOSED = "closed"  # no money moved


class Closing(StrEnum):
    """What closing a payment came to."""

    CLOSED = "closed"
    PAID = "paid"  # the money was faster
    ABSENT = "absent"  # never seen there; an opening still under way could yet create it


@dataclass(frozen=True, kw_only=True)
class ProviderPayment:
    """One payment at the provider; amount, `transaction_id` and `paid_at` (aware) are there once it is paid."""

    out_trade_no: str
    state: PaymentState
    amount: Money | None = None
    transaction_id: str | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ProviderRefund:
    """One refund at the provider; `refunded_at` (aware) is there once the money arrived."""

    out_refund_no: str
    out_trade_no: str
    refund_id: str
    state: RefundState
    amount: Money
    refunded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Notification:
    """A genuine report from the provider. It may come twice, late, or after a newer one; `id` tells repeats."""

    id: str
    about: ProviderPayment | ProviderRefund
