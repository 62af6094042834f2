"""Sets the subtotal of each line: the list price times the quantity."""

from dataclasses import replace

from marketing.pricing.model.reasons import Reason
from marketing.pricing.model.state import Basket, Context, GoodsLine
from marketing.texts import Text
from shared.money import Money, shown


def list_price(basket: Basket, _context: Context) -> Basket:
    """Set each line's subtotal."""
    return basket.each_shop(lambda part: replace(part, goods=tuple(map(_listed, part.goods))))


def _listed(line: GoodsLine) -> GoodsLine:
    each = line.listed.amount
    return replace(line, subtotal=each * line.quantity, why=(*line.why, _why(each, line.quantity)))


def _why(each: Money, quantity: int) -> Reason:
    text = Text(f"标价{shown(each)} × {quantity}", f"List price {shown(each)} × {quantity}")
    return Reason("list_price", text, each * quantity)
