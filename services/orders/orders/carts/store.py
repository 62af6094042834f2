"""Carts, by owner, or by the secret id of a guest's."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orders.carts.tables import cart, cart_line
from shared.ids import new_id
from shared.reading import Part, Row, fetch, send_before, together
from shared.round_trips import later

LOCK = "SELECT FROM cart WHERE owner_id = ANY(%s) ORDER BY cart_id FOR UPDATE"
LOCKED = "SELECT cart_id, owner_id, version FROM cart WHERE owner_id = ANY(%s)"
LINES = """
    SELECT cart_id, sku_id, quantity FROM cart_line JOIN cart USING (cart_id) WHERE owner_id = ANY(%s)
    ORDER BY added_at, sku_id"""
LINES_OF_CART = "SELECT sku_id, quantity FROM cart_line WHERE cart_id = %s ORDER BY added_at, sku_id"


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
        if owner_id not in self._owners:
            self.lock_of_owners([owner_id])
        return self._owners[owner_id]

    def lock_of_owners(self, owner_ids: Collection[UUID], *under: Part) -> None:
        """Lock the carts of these shoppers, created if they do not exist, and read them.

        What is to be read `under` their locks is read in the same round trip.
        """
        wanted = sorted(set(owner_ids) - self._owners.keys())
        carts, lines, *others = self._locked(wanted, under)
        if without := set(wanted) - {UUID(row["owner_id"]) for row in carts}:
            made = [{"cart_id": new_id(), "owner_id": owner_id} for owner_id in sorted(without)]
            later(self.connection, insert(cart).values(made).on_conflict_do_nothing())
            carts, lines, *others = self._locked(wanted, under)  # again: it was read before the locks
        self._hold(carts, lines)
        for part, found in zip(under, others, strict=True):
            part.take(found)

    def _locked(self, owner_ids: list[UUID], under: Sequence[Part]) -> list[list[Row]]:
        """Lock these carts; then read them, their lines, and what is to be read under the locks."""
        if owner_ids:
            send_before(self.connection, LOCK, owner_ids)
        return together(self.connection, Part(LOCKED, [owner_ids]), Part(LINES, [owner_ids]), *under)

    def _hold(self, carts: list[Row], lines: list[Row]) -> None:
        held = {row["cart_id"]: Held(row["version"], {}) for row in carts}
        for line in lines:
            held[line["cart_id"]].lines[UUID(line["sku_id"])] = line["quantity"]
        for row in carts:
            cart_id = self._owners[UUID(row["owner_id"])] = UUID(row["cart_id"])
            self._held[cart_id] = held[row["cart_id"]]

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
        return dict(fetch(self.connection, LINES_OF_CART, cart_id))

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
