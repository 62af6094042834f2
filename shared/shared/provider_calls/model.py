"""A call to a provider, and the pauses between its tries."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Pauses:
    """The pauses before retries of a call: `first`, then twice as long each time, up to `longest`."""

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(hours=1)

    def after(self, tries: int, first: timedelta | None = None) -> timedelta:
        """The pause after so many tries; `first` overrides the first pause."""
        return min((first or self.first) * 2 ** min(tries - 1, 20), self.longest)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call that is due. Kind and key identify it, `about` is its object; `tries` includes this one.

    `pauses` are those of its procedure, `correlation_id` and `traceparent` those of the request that caused it.
    """

    kind: str
    key: UUID
    about: UUID
    tries: int
    pauses: Pauses = Pauses()
    correlation_id: UUID | None = None
    traceparent: str | None = None

    def pause(self, first: timedelta | None = None) -> timedelta:
        """The pause before the next try of this call."""
        return self.pauses.after(self.tries, first)
