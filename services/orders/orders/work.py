"""One transaction of orders, with its repositories."""

from functools import cached_property

import shared.db
from orders.repository.carrier_reports import CarrierReports
from orders.repository.carts import Carts
from orders.repository.checkouts import Checkouts
from orders.repository.orders import Orders
from orders.repository.parcels import Parcels
from orders.repository.policies import Policies
from orders.repository.refunds import Refunds


class Work(shared.db.Work):
    """Everything that orders keeps, within one transaction."""

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
