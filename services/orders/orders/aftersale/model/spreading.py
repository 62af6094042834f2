"""What a refund pays of each line: together its amount, and of no line more than was paid for it.

Each line gives its own pieces' money. If the order withholds some of it, all of them give less in proportion. What
an earlier refund left with the order comes back from the lines on which it was withheld.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from orders.aftersale.model.refund import Refund
from orders.fulfilment.front import Order
from shared.contracts.payments import RefundedLine
from shared.money import Money, allocate

ByLine = Mapping[UUID, int]  # minor units


def spread(order: Order, refund: Refund, others: Iterable[Refund]) -> tuple[RefundedLine, ...]:
    """The lines of `refund` beside the order's `others`: those count that were granted and have not failed.

    A line without a piece and without money is left out.
    """
    granted = [other for other in others if other.takes_its_pieces and other.refund_id != refund.refund_id]
    pieces = Counter[UUID]()
    for line in refund.lines:
        pieces[line.line_id] += line.quantity
    money = _waterfall(refund.amount.amount, _tiers(order, refund, granted))
    return tuple(
        RefundedLine(line_id=line_id, pieces=pieces[line_id], amount=Money(money[line_id], refund.amount.currency))
        for line_id in _paid(order)
        if pieces[line_id] or money[line_id]
    )


def count(order: Order, refund: Refund) -> None:
    """The money of a refund has arrived: count it on the order, and on the lines that it pays of."""
    order.refunded += refund.amount.amount
    of_line = {each.line_id: each for each in refund.by_line}
    for line in order.lines:
        if back := of_line.get(line.line_id):
            line.refunded_quantity += back.pieces
            line.refunded_amount += back.amount.amount


def _tiers(order: Order, refund: Refund, granted: list[Refund]) -> list[ByLine]:
    """What each line can give, by rank: its own pieces' money, what was withheld on it, all that is left of it.

    The last is needed after a refund failed whose withheld money another one had given back already.
    """
    own, claimed, paid_out = _shares(order, [refund]), _shares(order, granted), Counter[UUID]()
    for back in (each for other in granted for each in other.by_line):
        paid_out[back.line_id] += back.amount.amount
    first, withheld, rest = dict[UUID, int](), dict[UUID, int](), dict[UUID, int]()
    for line_id, paid in _paid(order).items():
        free = max(0, own[line_id] + claimed[line_id] - paid_out[line_id])
        first[line_id] = min(own[line_id], free)
        withheld[line_id] = free - first[line_id]
        rest[line_id] = paid - paid_out[line_id] - free
    return [first, withheld, rest]


def _waterfall(amount: int, tiers: list[ByLine]) -> Counter[UUID]:
    """Take `amount` from the first tier, what is missing from the next: of one in proportion to what each has."""
    taken, left = Counter[UUID](), amount
    for tier in tiers:
        share = min(left, sum(tier.values()))
        if share:
            for line_id, money in zip(tier, allocate(Money(share), list(tier.values())), strict=True):
                taken[line_id] += money.amount
        left -= share
    assert left == 0, "more would go back than was paid"
    return taken


def _paid(order: Order) -> ByLine:
    goods = {line.line_id: line.paid.amount for line in order.lines}
    return {**goods, order.shipping_line_id: order.shipping.amount}


def _shares(order: Order, refunds: Iterable[Refund]) -> Counter[UUID]:
    """What these refunds claim of each line, and of shipping."""
    shares = Counter[UUID]()
    for refund in refunds:
        shares[order.shipping_line_id] += refund.shipping.amount
        for line in refund.lines:
            shares[line.line_id] += line.amount.amount
    return shares
