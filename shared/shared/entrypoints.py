"""The entrypoints of a service: `@answers` requests, `@handles` messages, runs `@every` so many seconds."""

from shared.answering import answers
from shared.every import Signal, every
from shared.handles import handles

__all__ = ["Signal", "answers", "every", "handles"]
