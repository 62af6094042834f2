"""A call to a provider, and the pauses between its tries."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Pauses:
    """How long to wait before a call is made again: `first`, then twice as long each time, up to `longest`."""

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(hours=1)

    def after(self, tries: int, first: timedelta | None = None) -> timedelta:
        """The pause after so many tries; another `first` pause may be given."""
        return min((first or self.first) * 2 ** min(tries - 1, 20), self.longest)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call that is due: its kind and key are unique, `about` is what it is made for; `tries` counts this one.

    `pauses` are those of its procedure. The last two name the request that the call belongs to.
    """

    kind: str
    key: UUID
    about: UUID
    tries: int
    pauses: Pauses = Pauses()
    correlation_id: UUID | None = None
    traceparent: str | None = None

    def pause(self, first: timedelta | None = None) -> timedelta:
        """How long to wait before this call is made again."""
        return self.pauses.after(self.tries, first)
