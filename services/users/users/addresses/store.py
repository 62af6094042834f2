"""Saved addresses, by account."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from shared.round_trips import later
from users.addresses.model import Address
from users.addresses.tables import address


@dataclass(frozen=True)
class Addresses:
    """Reads and writes addresses; every method is limited to one account."""

    connection: sa.Connection

    def of(self, user_id: UUID) -> list[Address]:
        """All addresses of an account, oldest first."""
        mine = sa.select(*(c for c in address.c if c.name != "user_id")).where(address.c.user_id == user_id)
        return [Address(**row) for row in self.connection.execute(mine.order_by(address.c.address_id)).mappings()]

    def add(self, user_id: UUID, new: Address) -> None:
        later(self.connection, sa.insert(address).values(user_id=user_id, **vars(new)))

    def change(self, user_id: UUID, changed: Address) -> bool:
        """Replace the address with this id; False if there is none."""
        update = sa.update(address).where(self._is(user_id, changed.address_id))
        return self.connection.execute(update.values(vars(changed))).rowcount == 1

    def remove(self, user_id: UUID, address_id: UUID) -> bool:
        """Remove an address; False if there is none."""
        return self.connection.execute(sa.delete(address).where(self._is(user_id, address_id))).rowcount == 1

    def clear_default(self, user_id: UUID) -> None:
        """Leave the account without a default address."""
        default = sa.and_(address.c.user_id == user_id, address.c.is_default)
        later(self.connection, sa.update(address).where(default).values(is_default=False))

    def _is(self, user_id: UUID, address_id: UUID) -> sa.ColumnElement[bool]:
        return sa.and_(address.c.user_id == user_id, address.c.address_id == address_id)
