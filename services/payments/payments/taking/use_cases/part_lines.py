"""Validating and storing the lines of OpenPayment."""

from payments.taking.model.lines import Line
from shared.contracts.payments import Part, PartLine
from shared.money import Money, total, zero


def add_up(part: Part) -> bool:
    """Whether the lines of a part sum to its amount: in one currency, each once, none below zero."""
    sums = [amount for line in part.lines for amount in _amounts(line)]
    return (
        {amount.currency for amount in sums} <= {part.amount.currency}
        and min((amount.amount for amount in sums), default=0) >= 0
        and min((line.quantity for line in part.lines), default=1) > 0
        and all(line.tax <= line.paid for line in part.lines)
        and len({line.line_id for line in part.lines}) == len(part.lines)
        and total((line.paid for line in part.lines), part.amount.currency) == part.amount
    )


def kept(part: Part) -> list[Line]:
    """The lines of a part, to be stored."""
    return [
        Line(
            line_id=line.line_id,
            kind=line.kind,
            category=line.category,
            quantity=line.quantity,
            paid=line.paid,
            tax=line.tax,
            shop_discount=line.discount.shop,
            platform_discount=line.discount.platform,
            refunded_quantity=0,
            refunded=zero(part.amount.currency),
        )
        for line in part.lines
    ]


def _amounts(line: PartLine) -> tuple[Money, ...]:
    return line.paid, line.tax, line.discount.shop, line.discount.platform
