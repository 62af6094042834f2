"""The kinds of lines in quotes, orders and payments."""

from enum import StrEnum


class LineKind(StrEnum):
    """What a line charges for."""

    GOODS = "goods"
    SHIPPING = "shipping"
