"""Marketing's own copy of which shops are suspended, fed by users' events."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from marketing.tables import shops


@dataclass(frozen=True)
class Shops:
    """Reads and writes shops."""

    connection: Connection

    def hear(self, shop_id: UUID, *, suspended: bool, version: int) -> None:
        """Keep what an event says, unless a newer one was heard."""
        row = insert(shops).values(shop_id=shop_id, suspended=suspended, version=version)
        changes = {"suspended": row.excluded.suspended, "version": row.excluded.version}
        newer = shops.c.version < row.excluded.version
        self.connection.execute(row.on_conflict_do_update(index_elements=["shop_id"], set_=changes, where=newer))

    def is_suspended(self, shop_id: UUID) -> bool:
        """Whether the shop may not sell; it is not suspended or restored until the end of this work."""
        found = select(shops.c.suspended).where(shops.c.shop_id == shop_id).with_for_update(read=True)
        return bool(self.connection.execute(found).scalar())
