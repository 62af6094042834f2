"""Payments' rows as the domain's objects, and back."""

from payments.repository.books import Books
from payments.repository.calls import Calls
from payments.repository.captures import Captures
from payments.repository.notifications import Notifications
from payments.repository.payments import Payments
from payments.repository.refunds import Refunds
from payments.repository.unanswered import Question, Unanswered, Wish

__all__ = ["Books", "Calls", "Captures", "Notifications", "Payments", "Question", "Refunds", "Unanswered", "Wish"]
