"""The payments of new checkouts, as their buyers see them, known from events without a call.

A checkout that was placed through this process has no payment until an event tells of one; each event has the
payment after its change (`CurrentPayment`). A version that is not newer changes nothing. From an event without the
payment on, payments is called; also once it had to be called, since its answer may be newer than the last event.
Nothing is known without a connection to the broker.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from gateway.route import Json
from shared.errors import NotFound

LONGEST = 30.0  # seconds that a payment is known without an event
OPENING = 10.0  # seconds, at most, that a checkout counts as waiting for its payment
MOST = 5000  # payments, of about 3 kB each


class PaymentNotFound(NotFound):
    """There is no such payment."""

    code = "payment_not_found"


@dataclass
class Known:
    """A payment, or None while there is none, its version, and until when it is shown to its buyer."""

    payment_id: str
    buyer_id: str
    payment: Json | None
    version: int
    until: float

    def shown(self) -> Json:
        """The payment. Raises PaymentNotFound, as payments does."""
        if self.payment is None:
            raise PaymentNotFound
        return self.payment


class NewPayments:
    """The payments of the checkouts that were last placed through this process."""

    def __init__(self, *, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._known: OrderedDict[str, Known] = OrderedDict()  # by checkout
        self._checkouts: dict[str, str] = {}  # by payment
        self._waiting: OrderedDict[str, float] = OrderedDict()  # checkouts without a payment: since when

    def __len__(self) -> int:
        return len(self._known)

    def placed(self, checkout: Json, buyer_id: UUID) -> None:
        """This checkout is new: no event has told of its payment yet."""
        checkout_id, payment_id = checkout["checkout_id"], checkout["payment_id"]
        self._known[checkout_id] = Known(payment_id, str(buyer_id), None, 0, self._clock() + LONGEST)
        self._checkouts[payment_id] = checkout_id
        self._waiting[checkout_id] = self._clock()
        if len(self._known) > self._most:
            self._end(next(iter(self._known)))

    def changed(self, event: Json) -> None:
        """An event of a payment."""
        checkout_id = self._checkouts.get(event.get("payment_id") or "")
        if checkout_id is None:
            return
        self._waiting.pop(checkout_id, None)
        known, current = self._known[checkout_id], event.get("current")
        if current is None or current["buyer_id"] != known.buyer_id:
            self._end(checkout_id)
        elif current["version"] > known.version:
            known.payment, known.version = current["payment"], current["version"]
            known.until = self._clock() + LONGEST

    def find(self, checkout_id: str, caller_id: UUID | None) -> Known | None:
        """What is known of a checkout's payment, for its buyer; None: payments is to be called."""
        known = self._known.get(checkout_id)
        if known is None or known.buyer_id != str(caller_id):
            return None
        if known.until <= self._clock():
            self._end(checkout_id)
            return None
        return known

    def waiting(self) -> int:
        """How many checkouts wait for their payment to be opened or refused."""
        while self._waiting and next(iter(self._waiting.values())) <= self._clock() - OPENING:
            self._waiting.popitem(last=False)
        return len(self._waiting)

    def clear(self) -> None:
        """Events are missed from now on."""
        self._known.clear()
        self._waiting.clear()
        self._checkouts.clear()

    def _end(self, checkout_id: str) -> None:
        self._waiting.pop(checkout_id, None)
        del self._checkouts[self._known.pop(checkout_id).payment_id]
