"""What is charged for, in quotes, orders and payments alike."""

from enum import StrEnum


class LineKind(StrEnum):
    """What a line is paid for."""

    GOODS = "goods"
    SHIPPING = "shipping"
