"""What each checkout did with its benefits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from marketing.domain.benefits import Benefits, BenefitsState, HoldRefusal
from marketing.tables import benefits


class BenefitsOfCheckouts:
    """One row a checkout, made by whatever comes first, and never deleted."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self.connection, self.at = connection, at

    def lock(self, checkout_id: UUID) -> Benefits:
        """The checkout's row, made if need be, and held until commit."""
        fresh = {"checkout_id": checkout_id, "state": BenefitsState.NONE, "changed_at": self.at}
        self.connection.execute(insert(benefits).values(fresh).on_conflict_do_nothing())
        query = select(benefits).where(benefits.c.checkout_id == checkout_id).with_for_update()
        row = self.connection.execute(query).one()
        reason = HoldRefusal(row.reason) if row.reason else None
        return Benefits(row.checkout_id, BenefitsState(row.state), reason, tuple(row.refused))

    def put(self, changed: Benefits) -> None:
        """Store the new state of a locked row."""
        values = {"state": changed.state, "reason": changed.reason, "refused": changed.refused}
        where = benefits.c.checkout_id == changed.checkout_id
        self.connection.execute(update(benefits).where(where).values(**values, changed_at=self.at))
