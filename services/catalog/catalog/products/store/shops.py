"""Catalog's copy of the shops, updated by events of users."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from catalog.access import Shop
from catalog.products.tables import shop
from shared.round_trips import later


def may_sell(shop_id: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """Whether the shop of a listed product may sell: not if it is suspended with its products still listed.

    The few unsettled shops are read once per statement, whatever number of products it reads.
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
        """The shop, share-locked: it cannot be suspended until the transaction ends."""
        return self._one(sa.select(shop).where(shop.c.shop_id == shop_id).with_for_update(read=True))

    def lock(self, shop_id: UUID) -> Shop | None:
        """The shop, locked: one transaction at a time imports or withdraws its products."""
        return self._one(sa.select(shop).where(shop.c.shop_id == shop_id).with_for_update())

    def by_slug(self, slug: str) -> Shop | None:
        return self._one(sa.select(shop).where(shop.c.slug == slug).limit(1))

    def record(self, shop_id: UUID, *, approved: bool, version: int, slug: str | None, name: str | None) -> None:
        """Store the state of a shop and mark it unsettled; its name is that of the newest event with one."""
        received = {"approved": approved, "version": version, "slug": slug, "name": name, "unsettled": True}
        row = insert(shop).values(shop_id=shop_id, **received, name_version=0 if name is None else version)
        newer, newer_name = (shop.c[each] < row.excluded[each] for each in ("version", "name_version"))
        changes = {
            "approved": sa.case((newer, row.excluded.approved), else_=shop.c.approved),
            "unsettled": sa.or_(newer, shop.c.unsettled),
            "version": sa.func.greatest(shop.c.version, row.excluded.version),
            "name_version": sa.func.greatest(shop.c.name_version, row.excluded.name_version),
            "name": sa.case((newer_name, row.excluded.name), else_=shop.c.name),
            "slug": sa.func.coalesce(shop.c.slug, row.excluded.slug),
        }
        stored = row.on_conflict_do_update(index_elements=[shop.c.shop_id], set_=changes)
        later(self.connection, stored)

    def rename(self, shop_id: UUID, name: str, version: int) -> None:
        """Store a shop's name from an event, unless a newer one is stored.

        A shop that is not known yet gets its name with its approval.
        """
        older = sa.and_(shop.c.shop_id == shop_id, shop.c.name_version < version)
        later(self.connection, sa.update(shop).where(older).values(name=name, name_version=version))

    def lock_unsettled(self) -> Shop | None:
        """A random unsettled shop, locked; skips those that another process has locked."""
        some = sa.select(shop).where(shop.c.unsettled).order_by(sa.func.random()).limit(1)
        return self._one(some.with_for_update(skip_locked=True))

    def settle(self, shop_id: UUID) -> None:
        """Mark the shop as settled: all its products match its state."""
        later(self.connection, sa.update(shop).where(shop.c.shop_id == shop_id).values(unsettled=False))

    def _one(self, query: sa.Select) -> Shop | None:
        row = self.connection.execute(query).one_or_none()
        return Shop(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it
