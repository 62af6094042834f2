"""What a service answers, hears and does by itself: `@rpc`, `@handles`, `@every`."""

from shared.every import every
from shared.handles import handles
from shared.rpc import rpc

__all__ = ["every", "handles", "rpc"]
