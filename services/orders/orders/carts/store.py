"""Carts, by owner, or by the secret id of a guest's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orders.carts.tables import cart, cart_line
from shared.ids import new_id
from shared.round_trips import later


@dataclass(frozen=True)
class Carts:
    """Reads and writes carts; a cart that is changed is locked first."""

    connection: sa.Connection

    def of_owner(self, owner_id: UUID) -> UUID:
        """The id of the shopper's cart, created if it does not exist; locked."""
        made = insert(cart).values(cart_id=new_id(), owner_id=owner_id).on_conflict_do_nothing()
        later(self.connection, made)
        mine = sa.select(cart.c.cart_id).where(cart.c.owner_id == owner_id).with_for_update()
        return self.connection.execute(mine).scalar_one()

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
        return self.connection.execute(sa.select(cart.c.version).where(cart.c.cart_id == cart_id)).scalar_one()

    def lines(self, cart_id: UUID) -> dict[UUID, int]:
        """Quantities by SKU, in the order they were added."""
        rows = sa.select(cart_line.c.sku_id, cart_line.c.quantity).where(cart_line.c.cart_id == cart_id)
        ordered = rows.order_by(cart_line.c.added_at, cart_line.c.sku_id)
        return {row.sku_id: row.quantity for row in self.connection.execute(ordered)}

    def save(self, cart_id: UUID, lines: dict[UUID, int], now: datetime) -> None:
        """Replace the cart's lines; its version grows if they differ."""
        changed = int(lines != self.lines(cart_id))
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
