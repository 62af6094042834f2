"""What a service answers, handles and does by itself: `@answers`, `@handles`, `@every`."""

from shared.answering import answers
from shared.every import every
from shared.handles import handles

__all__ = ["answers", "every", "handles"]
