"""One transaction of marketing: its modules' stores, and what it says."""

from functools import cached_property

from marketing.benefit_kinds import KINDS
from marketing.benefits.front import Kinds
from marketing.benefits.store import BenefitsOfCheckouts
from marketing.coupons.store import Campaigns, Coupons, Shops
from marketing.pricing.store import Prices
from shared import db


class Work(db.Work):
    """What marketing reads and changes together."""

    @cached_property
    def prices(self) -> Prices:
        return Prices(self.connection)

    @cached_property
    def shops(self) -> Shops:
        return Shops(self.connection)

    @cached_property
    def campaigns(self) -> Campaigns:
        return Campaigns(self.connection)

    @property  # made anew for each message of a batch: the trail names the message
    def coupons(self) -> Coupons:
        return Coupons(self.connection, self.now, self.cause.message_id if self.cause else None)

    @cached_property
    def benefits(self) -> BenefitsOfCheckouts:
        return BenefitsOfCheckouts(self.connection, self.now, {one.benefit.kind: one.benefit for one in KINDS})

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of benefits, each at work in this transaction."""
        return Kinds({one.benefit.kind: one(self) for one in KINDS})
