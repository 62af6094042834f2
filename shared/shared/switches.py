"""Whether a capability or provider is switched on (shared/manifest.toml, docs/operating.md#switches).

A switch is on until an operator turns it off. It is read by its primary key in the transaction that depends on it,
so that a change applies to every later request in all processes.
"""

from sqlalchemy import Boolean, Column, Connection, DateTime, MetaData, Table, Text

from shared.errors import Conflict
from shared.reading import Part, Row, take

metadata = MetaData()
table = Table(
    "switches",
    metadata,
    Column("name", Text, primary_key=True),
    Column("is_on", Boolean),
    Column("changed_at", DateTime(timezone=True)),
    Column("changed_by", Text),
    Column("reason", Text),
)


class CapabilitySwitchedOff(Conflict):
    """An operator has switched this off temporarily."""

    code = "capability_switched_off"


class Switches:
    """The switches of a service within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, bool] = {}

    def is_on(self, name: str) -> bool:
        """Whether it is on, which is the default."""
        if name not in self._known:
            take(self._connection, self.state_of(name))
        return self._known[name]

    def state_of(self, name: str) -> Part:
        """What to read in advance for `is_on`, together with what else a request depends on."""

        def keep(found: list[Row]) -> None:
            self._known[name] = all(row["is_on"] is not False for row in found)

        return Part("SELECT is_on FROM switches WHERE name = %s", [name], keep)

    def require(self, name: str) -> None:
        """Raise CapabilitySwitchedOff unless it is on."""
        if not self.is_on(name):
            raise CapabilitySwitchedOff(switch=name)
