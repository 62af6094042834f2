"""Mapping between the rows and the model of taking."""

from payments.taking.store.captures import Captures
from payments.taking.store.notifications import Notifications
from payments.taking.store.payments import Payments
from payments.taking.store.unanswered import Unanswered
from payments.taking.store.unidentified import UnidentifiedMoney

__all__ = ["Captures", "Notifications", "Payments", "Unanswered", "UnidentifiedMoney"]
