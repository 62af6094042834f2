"""One transaction of marketing, with the stores of its modules."""

from functools import cached_property

from marketing.benefit_kinds import KINDS
from marketing.benefits.front import Kinds
from marketing.benefits.store import BenefitsOfCheckouts
from marketing.coupons.store import Campaigns, Coupons, Shops
from marketing.pricing.store import Prices
from shared import db


class Work(db.Work):
    """All stores of marketing within one transaction."""

    @cached_property
    def prices(self) -> Prices:
        return Prices(self.connection)

    @cached_property
    def shops(self) -> Shops:
        return Shops(self.connection)

    @cached_property
    def campaigns(self) -> Campaigns:
        return Campaigns(self.connection)

    @property  # not cached: each message of a batch is the cause of its own transitions
    def coupons(self) -> Coupons:
        return Coupons(self.connection, self.now, self.cause.message_id if self.cause else None)

    @cached_property
    def benefits(self) -> BenefitsOfCheckouts:
        return BenefitsOfCheckouts(self.connection, self.now, {one.benefit.kind: one.benefit for one in KINDS})

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of benefits, bound to this transaction."""
        return Kinds({one.benefit.kind: one(self) for one in KINDS})
