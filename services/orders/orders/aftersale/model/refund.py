"""A refund: which pieces of which lines, how much, and how it ends."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from orders.aftersale.model.states import REFUND_TRANSITIONS, RefundFailure, RefundReason, RefundState
from orders.fulfilment.front import Line, Order, OrderState, Why, moves
from shared.contracts.payments import RefundedLine
from shared.errors import Conflict, NotFound
from shared.money import Money, total


class RefundNotFound(NotFound):
    """There is no such refund."""

    code = "refund_not_found"


class ItemsNotShipped(Conflict):
    """The order was sent without these pieces: nobody can have them any more, so their money goes back."""

    code = "items_not_shipped"


class OrderFullyRefunded(Conflict):
    """Everything of this order has been asked back already."""

    code = "order_fully_refunded"


class OrderNotRefundable(Conflict):
    """Nothing of this order has been paid for, or it is being cancelled."""

    code = "order_not_refundable"


class AmountChanged(Conflict):
    """The refund pays another amount by now, which is `amount` minor units: look at it again."""

    code = "refund_amount_changed"


class Kind(StrEnum):
    """Why money goes back: a request for part of it, or because the whole order is cancelled."""

    REFUND = "refund"
    CANCELLATION = "cancellation"


@dataclass(frozen=True, kw_only=True)
class RefundLine:
    """`quantity` pieces of a line, for which `amount` was paid; `unsent` of them never left the shop."""

    line_id: UUID
    sku_id: UUID
    quantity: int
    amount: Money
    unsent: int = 0


GRANTED = (RefundState.RUNNING, RefundState.REFUNDED, RefundState.FAILED)
KEEP_BACK = (RefundState.REQUESTED, RefundState.RUNNING, RefundState.REFUNDED)


@dataclass(kw_only=True)
class Refund:
    """`amount` is the lines' money and `shipping`, the fee that goes back, less what is withheld.

    `withheld_*`, in minor units, is kept by the order, since what stays of it costs more by its terms. Below
    zero, what an earlier refund left there comes back. `by_line` is the same amount as it is paid, line by line,
    once it is granted. `reason_text` is what somebody typed.
    """

    refund_id: UUID
    order_id: UUID
    shop_id: UUID
    buyer_id: UUID
    kind: Kind
    state: RefundState
    lines: tuple[RefundLine, ...]
    shipping: Money
    amount: Money
    reason: RefundReason
    requested_at: datetime
    reason_text: str | None = None
    withheld_goods: int = 0
    withheld_shipping: int = 0
    why: tuple[Why, ...] = ()
    by_line: tuple[RefundedLine, ...] = ()
    decided_at: datetime | None = None
    failure: RefundFailure | None = None

    @property
    def was_granted(self) -> bool:
        """Whether the merchant has agreed, however far the money has come since."""
        return self.state in GRANTED

    @property
    def takes_its_pieces(self) -> bool:
        """Whether its pieces are gone from the order for good, as far as is known: granted, and not failed."""
        return self.state in (RefundState.RUNNING, RefundState.REFUNDED)

    @property
    def difference(self) -> Money:
        """What is taken from the refund because what stays is priced again; below zero, what comes back."""
        return Money(self.withheld_goods + self.withheld_shipping, self.amount.currency)

    def add_up(self) -> None:
        """Make `amount` what its parts say."""
        lines = total((line.amount for line in self.lines), self.shipping.currency)
        self.amount = lines + self.shipping - self.difference

    def check_amount(self, expected: int | None) -> None:
        """Raise AmountChanged if somebody decides on another amount (minor units) than it pays."""
        if expected is not None and expected != self.amount.amount:
            raise AmountChanged(amount=self.amount.amount, currency=self.amount.currency)

    def move(self, wanted: RefundState) -> bool:
        """Go to `wanted`; False when it stands there already. Raises TransitionNotAllowed."""
        if not moves(REFUND_TRANSITIONS, self.state, wanted):
            return False
        self.state = wanted
        return True


def kept_back(refunds: Iterable[Refund]) -> dict[UUID, int]:
    """Pieces by line that stay in the shop, because somebody wants their money instead."""
    pieces = Counter[UUID]()
    for line in (line for refund in refunds if refund.state in KEEP_BACK for line in refund.lines):
        pieces[line.line_id] += line.unsent
    return dict(pieces)


REFUNDABLE = (OrderState.CONFIRMED, OrderState.PREPARING, OrderState.SHIPPED, OrderState.DELIVERED)


def check_refundable(order: Order) -> None:
    """Raise OrderNotRefundable unless the order is paid for, or will be at the door, and not being cancelled."""
    if order.state not in REFUNDABLE:
        raise OrderNotRefundable(state=str(order.state))


def check_grantable(order: Order, refund: Refund) -> None:
    """Raise OrderNotRefundable when the order is being cancelled: then all of its money goes back in any case.

    Raises TransitionNotAllowed for a refund that was refused: another one may have its pieces by now.
    """
    if order.state in (OrderState.CANCELLING, OrderState.CANCELLED):
        raise OrderNotRefundable(state=str(order.state))
    moves(REFUND_TRANSITIONS, refund.state, RefundState.RUNNING)


def claim(
    order: Order, wanted: Sequence[tuple[UUID, int]] | None, *, unsent: Mapping[UUID, int], **about: Any
) -> Refund:
    """Claim pieces of an order for a refund: the (line id, quantity) pairs, or with None all that is left.

    `unsent` are the pieces by line that are still in the shop: they go first, and return to stock. What the refund
    pays beside the pieces' own money, `appraisal` says. Raises OrderFullyRefunded, RefundQuantityExceeded,
    OrderLineNotFound.
    """
    if order.all_claimed:
        raise OrderFullyRefunded
    return _refund(order, Kind.REFUND, _claimed(order, _left(order) if wanted is None else wanted, unsent), about)


def claim_rest(order: Order, *, unsent: Mapping[UUID, int], **about: Any) -> Refund:
    """What a cancelled order gets back: all that nobody has claimed yet, and the shipping fee."""
    refund = _refund(order, Kind.CANCELLATION, _claimed(order, _left(order), unsent), about)
    _give_all_back(order, refund)
    return refund


def take_the_rest(order: Order, refund: Refund, unsent: Mapping[UUID, int]) -> None:
    """A refund that cancels the order gives back what others had claimed first, too, and then did not get."""
    more = _claimed(order, _left(order), unsent)
    refund.lines += more
    _give_all_back(order, refund)


def _give_all_back(order: Order, refund: Refund) -> None:
    """Of a cancelled order nothing is withheld."""
    refund.withheld_goods -= order.withheld_goods
    refund.withheld_shipping -= order.withheld_shipping
    order.withheld_goods = order.withheld_shipping = 0
    refund.add_up()


def _refund(order: Order, kind: Kind, lines: tuple[RefundLine, ...], about: Mapping[str, Any]) -> Refund:
    shipping = order.shipping if kind is Kind.CANCELLATION else order.none
    return Refund(
        order_id=order.order_id,
        shop_id=order.shop_id,
        buyer_id=order.buyer_id,
        kind=kind,
        lines=lines,
        shipping=shipping,
        amount=total((line.amount for line in lines), order.total.currency) + shipping,
        **about,
    )


def _left(order: Order) -> list[tuple[UUID, int]]:
    return [(line.line_id, line.left) for line in order.lines if line.left]


def _claimed(
    order: Order, wanted: Sequence[tuple[UUID, int]], unsent: Mapping[UUID, int]
) -> tuple[RefundLine, ...]:
    return tuple(_claimed_line(order.line(line_id), n, unsent.get(line_id, 0)) for line_id, n in wanted)


def _claimed_line(line: Line, quantity: int, unsent: int) -> RefundLine:
    return RefundLine(
        line_id=line.line_id,
        sku_id=line.sku_id,
        quantity=quantity,
        amount=line.claim(quantity),
        unsent=min(quantity, unsent),
    )


def withhold(order: Order, refund: Refund) -> None:
    """The refund is granted: what it does not pay stays with the order."""
    order.withheld_goods += refund.withheld_goods
    order.withheld_shipping += refund.withheld_shipping


def give_back(order: Order, refund: Refund) -> None:
    """The refund does not happen: its pieces can be asked back again."""
    if refund.state is RefundState.FAILED:
        order.withheld_goods -= refund.withheld_goods
        order.withheld_shipping -= refund.withheld_shipping
    for part in refund.lines:
        order.line(part.line_id).give_back(part.quantity, part.amount)
