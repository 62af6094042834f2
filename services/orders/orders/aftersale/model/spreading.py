"""Splits the amount of a refund over the order's lines; no line is refunded more than was paid for it.

Each line refunds its own units. An amount withheld reduces all lines in proportion; an amount withheld earlier is
returned from the lines on which it was withheld.
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
    """The amount of `refund` by line, given the order's `others`; refused and failed ones do not count.

    Lines without units and without an amount are left out.
    """
    granted = [other for other in others if other.removes_its_units and other.refund_id != refund.refund_id]
    quantities = Counter[UUID]()
    for line in refund.lines:
        quantities[line.line_id] += line.quantity
    money, currency = _waterfall(refund.amount.amount, _tiers(order, refund, granted)), refund.amount.currency
    return tuple(
        RefundedLine(line_id=line_id, pieces=quantities[line_id], amount=Money(money[line_id], currency))
        for line_id in _paid(order)
        if quantities[line_id] or money[line_id]
    )


def count(order: Order, refund: Refund) -> None:
    """Count a paid refund on the order and on its lines."""
    order.refunded += refund.amount.amount
    of_line = {each.line_id: each for each in refund.by_line}
    for line in order.lines:
        if back := of_line.get(line.line_id):
            line.refunded_quantity += back.pieces
            line.refunded_amount += back.amount.amount


def _tiers(order: Order, refund: Refund, granted: list[Refund]) -> list[ByLine]:
    """What each line can refund, by rank: its own units' amount, what was withheld on it, all that is left of it.

    The last rank is needed after a refund failed whose withheld amount another one had returned already.
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
    """Take `amount` from the tiers in order; within a tier, in proportion to what each line has."""
    taken, left = Counter[UUID](), amount
    for tier in tiers:
        share = min(left, sum(tier.values()))
        if share:
            for line_id, money in zip(tier, allocate(Money(share), list(tier.values())), strict=True):
                taken[line_id] += money.amount
        left -= share
    assert left == 0, "the refund exceeds what was paid"
    return taken


def _paid(order: Order) -> ByLine:
    goods = {line.line_id: line.paid.amount for line in order.lines}
    return {**goods, order.shipping_line_id: order.shipping.amount}


def _shares(order: Order, refunds: Iterable[Refund]) -> Counter[UUID]:
    """What these refunds claim of each line and of shipping, in minor units."""
    shares = Counter[UUID]()
    for refund in refunds:
        shares[order.shipping_line_id] += refund.shipping.amount
        for line in refund.lines:
            shares[line.line_id] += line.amount.amount
    return shares
