"""Settlements by hand."""

from uuid import UUID

from sqlalchemy import Connection, RowMapping, select, text
from sqlalchemy.dialects.postgresql import insert

from payments.refunding.model.settlements import ManualSettlement, PaidFrom
from payments.refunding.tables import manual_settlements
from shared.money import Money
from shared.round_trips import later

# Serializes notifications of a refund made by hand and settlements proven by its number: it is posted once.
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('refund by hand ' || :number, 0))")


class Settlements:
    """The stored settlements. Lock what they are about before changing one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, about: UUID) -> ManualSettlement | None:
        """The settlement of this refund or unidentified money, or None."""
        query = select(manual_settlements).where(manual_settlements.c.about == about)
        row = self._connection.execute(query).mappings().one_or_none()
        return _settlement(row) if row else None

    def lock_numbers(self, *numbers: str) -> None:
        """Block others from reporting or proving refunds with these numbers until the transaction ends."""
        for number in sorted(set(numbers)):
            self._connection.execute(LOCK, {"number": number})

    def proves_another(self, about: UUID, proof: str) -> bool:
        """Whether this number of the provider proves another confirmed settlement."""
        theirs = (manual_settlements.c.proof == proof) & (manual_settlements.c.about != about)
        counts = manual_settlements.c.confirmed_at.is_not(None) & (
            manual_settlements.c.paid_from == PaidFrom.PROVIDER
        )
        query = select(manual_settlements.c.about).where(theirs, counts)
        return self._connection.execute(query.limit(1)).scalar() is not None

    def proven_by(self, amount: Money, *proofs: str) -> bool:
        """Whether this amount was settled at the provider, with one of these numbers as the proof."""
        mine = manual_settlements.c.proof.in_(proofs) & manual_settlements.c.confirmed_at.is_not(None)
        query = select(manual_settlements).where(mine, manual_settlements.c.paid_from == PaidFrom.PROVIDER)
        rows = self._connection.execute(query).mappings()
        return any(_settlement(row).amount == amount for row in rows)

    def put(self, settlement: ManualSettlement) -> None:
        """Insert a settlement, or replace the one about the same money."""
        row = {**vars(settlement), "amount": settlement.amount.amount, "currency": settlement.amount.currency}
        upsert = insert(manual_settlements).on_conflict_do_update(
            index_elements=[manual_settlements.c.about], set_=row
        )
        later(self._connection, upsert, row)


def _settlement(row: RowMapping) -> ManualSettlement:
    plain = {name: value for name, value in row.items() if name != "currency"}
    typed = {"amount": Money(row["amount"], row["currency"]), "paid_from": PaidFrom(row["paid_from"])}
    return ManualSettlement(**{**plain, **typed})
