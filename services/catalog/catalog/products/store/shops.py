"""Catalog's own copy of the shops, fed by users' events."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from catalog.access import Shop
from catalog.products.tables import shop


def may_sell(shop_id: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """Whether the shop of a product on the shelf may sell: not if it was suspended a moment ago.

    The few shops that are not settled are looked up once for a statement, whatever number of products it reads.
    """
    stopped = sa.select(shop.c.shop_id).where(shop.c.unsettled, sa.not_(shop.c.approved)).scalar_subquery()
    return shop_id != sa.all_(sa.func.array(stopped))


@dataclass(frozen=True)
class Shops:
    """Reads and writes shops."""

    connection: sa.Connection

    def get(self, shop_id: UUID) -> Shop | None:
        return self._one(sa.select(shop).where(shop.c.shop_id == shop_id))

    def share(self, shop_id: UUID) -> Shop | None:
        """The shop, which nobody can suspend until the end of this work."""
        return self._one(sa.select(shop).where(shop.c.shop_id == shop_id).with_for_update(read=True))

    def lock(self, shop_id: UUID) -> Shop | None:
        """The shop, locked: its goods are imported or withdrawn by one work at a time."""
        return self._one(sa.select(shop).where(shop.c.shop_id == shop_id).with_for_update())

    def by_slug(self, slug: str) -> Shop | None:
        return self._one(sa.select(shop).where(shop.c.slug == slug).limit(1))

    def record(self, shop_id: UUID, *, approved: bool, version: int, slug: str | None, name: str | None) -> None:
        """Keep what an event says, for its products to follow. Names are kept from older ones, too, once known."""
        published = {"approved": approved, "version": version, "slug": slug, "name": name, "unsettled": True}
        row = insert(shop).values(shop_id=shop_id, **published)
        newer = shop.c.version < row.excluded.version
        changes = {
            "approved": sa.case((newer, row.excluded.approved), else_=shop.c.approved),
            "unsettled": sa.or_(newer, shop.c.unsettled),
            "version": sa.func.greatest(shop.c.version, row.excluded.version),
            **{name: _known(newer, row.excluded[name], shop.c[name]) for name in ("slug", "name")},
        }
        stored = row.on_conflict_do_update(index_elements=[shop.c.shop_id], set_=changes)
        self.connection.execute(stored)

    def lock_unsettled(self) -> Shop | None:
        """Any shop whose products are to follow it, locked; none that somebody else is at."""
        some = sa.select(shop).where(shop.c.unsettled).order_by(sa.func.random()).limit(1)
        return self._one(some.with_for_update(skip_locked=True))

    def settle(self, shop_id: UUID) -> None:
        """All its products have followed."""
        self.connection.execute(sa.update(shop).where(shop.c.shop_id == shop_id).values(unsettled=False))

    def _one(self, query: sa.Select) -> Shop | None:
        row = self.connection.execute(query).one_or_none()
        return Shop(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it


def _known(newer: sa.ColumnElement[bool], published: sa.ColumnElement, kept: sa.ColumnElement) -> sa.ColumnElement:
    return sa.case((newer, sa.func.coalesce(published, kept)), else_=sa.func.coalesce(kept, published))
