"""One transaction of orders, with the stores of its modules."""

from collections.abc import Collection
from functools import cached_property
from uuid import UUID

import shared.db
from orders.aftersale.store import Policies, Refunds
from orders.carts.store import Carts
from orders.checkout.store import Checkouts
from orders.figures.store import FiguresStore
from orders.fulfilment.store.carrier_reports import CarrierReports
from orders.fulfilment.store.orders import Orders
from orders.fulfilment.store.parcels import Parcels
from shared.personal import erasing
from shared.reading import Part, Row
from shared.sagas import SagaWork


class Work(SagaWork, shared.db.Work):
    """All stores of orders and its sagas within one transaction."""

    @cached_property
    def carts(self) -> Carts:
        return Carts(self.connection)

    @cached_property
    def checkouts(self) -> Checkouts:
        return Checkouts(self.connection)

    @cached_property
    def orders(self) -> Orders:
        return Orders(self.connection)

    @cached_property
    def parcels(self) -> Parcels:
        return Parcels(self.connection)

    @cached_property
    def carrier_reports(self) -> CarrierReports:
        return CarrierReports(self.connection)

    @cached_property
    def policies(self) -> Policies:
        return Policies(self.connection)

    @cached_property
    def refunds(self) -> Refunds:
        return Refunds(self.connection)

    @cached_property
    def figures(self) -> FiguresStore:
        return FiguresStore(self.connection)

    @cached_property
    def _erased(self) -> dict[UUID, bool]:
        """By person, as read in advance. The carts of these persons are locked."""
        return {}

    def erased_of(self, user_ids: Collection[UUID]) -> Part:
        """What to read in advance for `is_erased`."""

        def keep(found: list[Row]) -> None:
            self._erased.update(dict.fromkeys(user_ids, False))
            self._erased.update({UUID(row["user_id"]): True for row in found})

        return erasing.erased_among(user_ids, keep)

    def is_erased(self, user_id: UUID) -> bool:
        """Whether orders has erased a person."""
        known = self._erased.get(user_id)
        return erasing.is_erased(self.connection, user_id) if known is None else known
