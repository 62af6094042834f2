"""Carts, by owner, or by the secret id of a guest's."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orders.carts.tables import cart, cart_line
from shared.ids import new_id
from shared.round_trips import later


@dataclass
class Held:
    """A cart that this transaction has locked, as it is now."""

    version: int
    lines: dict[UUID, int]


@dataclass(frozen=True)
class Carts:
    """Reads and writes carts; a cart that is changed is locked first."""

    connection: sa.Connection
    _owners: dict[UUID, UUID] = field(default_factory=dict)  # of locked carts: the cart by its owner
    _held: dict[UUID, Held] = field(default_factory=dict)  # of locked carts

    def of_owner(self, owner_id: UUID) -> UUID:
        """The id of the shopper's cart, created if it does not exist; locked."""
        self.lock_of_owners([owner_id])
        return self._owners[owner_id]

    def lock_of_owners(self, owner_ids: Collection[UUID]) -> None:
        """Lock the carts of these shoppers, created if they do not exist, and read them."""
        wanted = set(owner_ids) - self._owners.keys()
        found = self._lock(wanted) if wanted else {}
        if without := sorted(wanted - found.keys()):
            made = [{"cart_id": new_id(), "owner_id": owner_id} for owner_id in without]
            later(self.connection, insert(cart).values(made).on_conflict_do_nothing())
            found |= self._lock(without)
        if found:
            lines = self._lines_of([row.cart_id for row in found.values()])
            self._held.update({row.cart_id: Held(row.version, lines[row.cart_id]) for row in found.values()})
            self._owners.update({owner_id: row.cart_id for owner_id, row in found.items()})

    def _lock(self, owner_ids: Collection[UUID]) -> dict[UUID, Any]:
        rows = sa.select(*cart.c["cart_id", "owner_id", "version"]).where(cart.c.owner_id.in_(owner_ids))
        locked = self.connection.execute(rows.order_by(cart.c.cart_id).with_for_update())
        return {row.owner_id: row for row in locked}

    def _lines_of(self, cart_ids: Collection[UUID]) -> dict[UUID, dict[UUID, int]]:
        """Quantities by cart and SKU, in the order they were added."""
        rows = sa.select(*cart_line.c["cart_id", "sku_id", "quantity"]).where(cart_line.c.cart_id.in_(cart_ids))
        found: dict[UUID, dict[UUID, int]] = {cart_id: {} for cart_id in cart_ids}
        for row in self.connection.execute(rows.order_by(cart_line.c.added_at, cart_line.c.sku_id)):
            found[row.cart_id][row.sku_id] = row.quantity
        return found

    def find(self, owner_id: UUID) -> UUID | None:
        """The id of the shopper's cart, if it exists; without a lock."""
        return self.connection.execute(
            sa.select(cart.c.cart_id).where(cart.c.owner_id == owner_id)
        ).scalar_one_or_none()

    def new_guest(self) -> UUID:
        cart_id = new_id()
        later(self.connection, sa.insert(cart).values(cart_id=cart_id))
        return cart_id

    def is_guests(self, cart_id: UUID) -> bool:
        """Whether the guest cart exists; without a lock."""
        return self.connection.execute(_guests(cart_id)).scalar_one_or_none() is not None

    def lock_guest(self, cart_id: UUID) -> bool:
        """Lock a guest's cart; False when it does not exist."""
        return self.connection.execute(_guests(cart_id).with_for_update()).scalar_one_or_none() is not None

    def version(self, cart_id: UUID) -> int:
        """How often the cart's lines have changed."""
        if cart_id in self._held:
            return self._held[cart_id].version
        return self.connection.execute(sa.select(cart.c.version).where(cart.c.cart_id == cart_id)).scalar_one()

    def lines(self, cart_id: UUID) -> dict[UUID, int]:
        """Quantities by SKU, in the order they were added."""
        if cart_id in self._held:
            return dict(self._held[cart_id].lines)
        return self._lines_of([cart_id])[cart_id]

    def save(self, cart_id: UUID, lines: dict[UUID, int], now: datetime) -> None:
        """Replace the cart's lines; its version grows if they differ."""
        changed = int(lines != self.lines(cart_id))
        if held := self._held.get(cart_id):
            held.version, held.lines = held.version + changed, dict(lines)
        gone = cart_line.c.sku_id.not_in(lines) if lines else sa.true()
        later(self.connection, sa.delete(cart_line).where(cart_line.c.cart_id == cart_id, gone))
        touched = sa.update(cart).where(cart.c.cart_id == cart_id)
        later(self.connection, touched.values(updated_at=now, version=cart.c.version + changed))
        if lines:
            rows = [
                {"cart_id": cart_id, "sku_id": sku, "quantity": n, "added_at": now} for sku, n in lines.items()
            ]
            put = insert(cart_line).values(rows)
            later(
                self.connection,
                put.on_conflict_do_update(
                    index_elements=["cart_id", "sku_id"], set_={"quantity": put.excluded.quantity}
                ),
            )

    def drop(self, cart_id: UUID) -> None:
        later(self.connection, sa.delete(cart).where(cart.c.cart_id == cart_id))


def _guests(cart_id: UUID) -> sa.Select[Any]:
    return sa.select(cart.c.cart_id).where(cart.c.cart_id == cart_id, cart.c.owner_id.is_(None))
