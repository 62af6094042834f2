"""Payments' rows as the domain's objects, and back."""

from payments.repository.books import Books
from payments.repository.calls import Calls
from payments.repository.captures import Captures
from payments.repository.needy import Needy
from payments.repository.notifications import Notifications
from payments.repository.payments import Payments
from payments.repository.refund_attempts import RefundAttempts
from payments.repository.refunds import Refunds
from payments.repository.settlements import Settlements
from payments.repository.unanswered import Question, Unanswered, Wish
from payments.repository.unidentified import UnidentifiedMoney

__all__ = [
    "Books",
    "Calls",
    "Captures",
    "Needy",
    "Notifications",
    "Payments",
    "Question",
    "RefundAttempts",
    "Refunds",
    "Settlements",
    "Unanswered",
    "UnidentifiedMoney",
    "Wish",
]
