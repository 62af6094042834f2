"""What persons say that they moved by hand."""

from uuid import UUID

from sqlalchemy import Connection, RowMapping, select, text
from sqlalchemy.dialects.postgresql import insert

from payments.refunding.model.settlements import ManualSettlement, PaidFrom
from payments.refunding.tables import manual_settlements
from shared.money import Money

# Who reports a refund made by hand and who proves one by its number take turns, or it could be booked twice.
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('refund by hand ' || :number, 0))")


class Settlements:
    """The settlements of this database; lock what they are about before you change one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, about: UUID) -> ManualSettlement | None:
        """What is said of this refund or unidentified money."""
        query = select(manual_settlements).where(manual_settlements.c.about == about)
        row = self._connection.execute(query).mappings().one_or_none()
        return _settlement(row) if row else None

    def lock_numbers(self, *numbers: str) -> None:
        """Let nobody else report or prove a refund at the provider with these numbers before the commit."""
        for number in sorted(set(numbers)):
            self._connection.execute(LOCK, {"number": number})

    def proves_another(self, about: UUID, proof: str) -> bool:
        """Whether this number of the provider's proves already that something else was moved."""
        theirs = (manual_settlements.c.proof == proof) & (manual_settlements.c.about != about)
        counts = manual_settlements.c.confirmed_at.is_not(None) & (
            manual_settlements.c.paid_from == PaidFrom.PROVIDER
        )
        query = select(manual_settlements.c.about).where(theirs, counts)
        return self._connection.execute(query.limit(1)).scalar() is not None

    def proven_by(self, amount: Money, *proofs: str) -> bool:
        """Whether so much was settled at the provider, with one of these numbers as the proof."""
        mine = manual_settlements.c.proof.in_(proofs) & manual_settlements.c.confirmed_at.is_not(None)
        query = select(manual_settlements).where(mine, manual_settlements.c.paid_from == PaidFrom.PROVIDER)
        rows = self._connection.execute(query).mappings()
        return any(_settlement(row).amount == amount for row in rows)

    def put(self, settlement: ManualSettlement) -> None:
        """Keep what is said now; of something that is not confirmed yet only the newest counts."""
        row = {**vars(settlement), "amount": settlement.amount.amount, "currency": settlement.amount.currency}
        keep = insert(manual_settlements).on_conflict_do_update(
            index_elements=[manual_settlements.c.about], set_=row
        )
        self._connection.execute(keep, row)


def _settlement(row: RowMapping) -> ManualSettlement:
    plain = {name: value for name, value in row.items() if name != "currency"}
    typed = {"amount": Money(row["amount"], row["currency"]), "paid_from": PaidFrom(row["paid_from"])}
    return ManualSettlement(**{**plain, **typed})
