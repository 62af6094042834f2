"""Stock levels, their journal, claims and reservations: each step is one statement for a whole batch.

Locks are taken in one order: claims by checkout, then levels by SKU.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from catalog.stock.model.claims import Claim, ClaimState
from catalog.stock.model.journal import Entry
from catalog.stock.model.levels import Level
from catalog.stock.model.lines import Line
from catalog.stock.model.shortages import Reason, Shortage
from catalog.stock.tables import reservation, restock, stock, stock_claim, stock_journal
from shared.round_trips import later
from shared.rows import append

OPEN_CLAIMS = sa.text("""
    INSERT INTO stock_claim (checkout_id, state)
    SELECT checkout_id, 'undecided' FROM unnest(CAST(:ids AS uuid[])) AS wanted (checkout_id)
    ON CONFLICT DO NOTHING
""")
LOCK_CLAIMS = sa.text("""
    SELECT checkout_id, state, reason, shortages FROM stock_claim
    WHERE checkout_id = ANY(CAST(:ids AS uuid[])) ORDER BY checkout_id FOR UPDATE
""")
SAVE_CLAIMS = sa.text("""
    UPDATE stock_claim SET state = new.state, reason = new.reason, decided_at = :now,
           shortages = CAST(new.shortages AS jsonb)
    FROM unnest(CAST(:ids AS uuid[]), CAST(:states AS text[]), CAST(:reasons AS text[]),
                CAST(:shortages AS text[])) AS new (checkout_id, state, reason, shortages)
    WHERE stock_claim.checkout_id = new.checkout_id
""")
HELD = sa.text("""
    SELECT checkout_id, order_id, sku_id, quantity FROM reservation
    WHERE checkout_id = ANY(CAST(:ids AS uuid[])) AND state = 'open'
""")
CLOSE = sa.text("""
    UPDATE reservation SET state = :state
    WHERE checkout_id = ANY(CAST(:ids AS uuid[])) AND state = 'open'
""")
HELD_BY = sa.text("""
    SELECT buyer_id, sku_id, sum(quantity)::int AS units FROM reservation
    WHERE state = 'open' AND buyer_id = ANY(CAST(:buyers AS uuid[])) AND sku_id = ANY(CAST(:skus AS uuid[]))
    GROUP BY buyer_id, sku_id
""")
LEVELS = """
    SELECT stock.sku_id, stock.on_hand, stock.reserved, sku.product_id, product.shop_id,
           product.shelf = 'on_shelf' AND NOT sku.discontinued AND product.shop_id <> ALL(ARRAY(
               SELECT shop_id FROM shop WHERE unsettled AND NOT approved -- suspended, products not withdrawn yet
           )) AS sellable
    FROM stock JOIN sku USING (sku_id) JOIN product USING (product_id)
    WHERE stock.sku_id = ANY(CAST(:ids AS uuid[])) ORDER BY stock.sku_id
"""
JOURNAL_OF = sa.text("""
    SELECT newest.* FROM sku CROSS JOIN LATERAL (
        SELECT * FROM stock_journal
        WHERE stock_journal.sku_id = sku.sku_id AND position < coalesce(:before, 9223372036854775807)
        ORDER BY position DESC LIMIT :limit
    ) AS newest
    WHERE product_id = :product ORDER BY position DESC LIMIT :limit
""")
SAVE_LEVELS = sa.text("""
    UPDATE stock SET on_hand = new.on_hand, reserved = new.reserved
    FROM unnest(CAST(:ids AS uuid[]), CAST(:on_hand AS int[]), CAST(:reserved AS int[]))
         AS new (sku_id, on_hand, reserved)
    WHERE stock.sku_id = new.sku_id
""")


@dataclass(frozen=True)
class Stock:
    """Reads and writes levels and their journal."""

    connection: sa.Connection

    def levels(self, sku_ids: Iterable[UUID]) -> dict[UUID, Level]:
        """The levels of the SKUs that exist, not locked."""
        return self._levels(LEVELS, sku_ids)

    def lock(self, sku_ids: Iterable[UUID]) -> dict[UUID, Level]:
        """The levels of the SKUs that exist, locked in the order of their ids."""
        return self._levels(f"{LEVELS} FOR UPDATE OF stock", sku_ids)

    def open(self, opening: Sequence[Entry], now: datetime) -> None:
        """Create levels from these opening entries, one per SKU; entries of 0 are not journaled."""
        if opening:
            rows = [{"sku_id": entry.sku_id, "on_hand": entry.change, "reserved": 0} for entry in opening]
            later(self.connection, sa.insert(stock), rows)
            self._append([entry for entry in opening if entry.change], now)

    def save(self, levels: Collection[Level], entries: Sequence[Entry], now: datetime) -> None:
        """Store changed levels together with their journal entries."""
        if levels:
            later(self.connection, SAVE_LEVELS, _level_arrays(levels))
        self._append(entries, now)

    def journal(self, sku_id: UUID, *, before: int | None, limit: int) -> list[Any]:
        """The newest entries of a SKU, older than position `before`."""
        rows = sa.select(stock_journal).where(stock_journal.c.sku_id == sku_id)
        if before is not None:
            rows = rows.where(stock_journal.c.position < before)
        return list(
            self.connection.execute(rows.order_by(stock_journal.c.position.desc()).limit(limit)).mappings()
        )

    def journal_of(self, product_id: UUID, *, before: int | None, limit: int) -> list[Any]:
        """The newest entries of all SKUs of a product, older than position `before`: a few of each are read."""
        terms = {"product": product_id, "before": before, "limit": limit}
        return list(self.connection.execute(JOURNAL_OF, terms).mappings())

    def _append(self, entries: Sequence[Entry], now: datetime) -> None:
        if entries:
            append(self.connection, stock_journal, [{**vars(entry), "at": now} for entry in entries])

    def _levels(self, query: str, sku_ids: Iterable[UUID]) -> dict[UUID, Level]:
        found = self.connection.execute(sa.text(query), {"ids": _texts(sku_ids)}).mappings()
        return {row["sku_id"]: Level(**row) for row in found}


@dataclass(frozen=True)
class Claims:
    """Reads and writes the claims of checkouts and their reservations."""

    connection: sa.Connection

    def lock(self, checkout_ids: Iterable[UUID]) -> dict[UUID, Claim]:
        """The claims of these checkouts, locked in the order of their ids; creates missing ones as undecided."""
        ids = {"ids": _texts(sorted(set(checkout_ids)))}
        later(self.connection, OPEN_CLAIMS, ids)
        found = self.connection.execute(LOCK_CLAIMS, ids).mappings()
        return {row["checkout_id"]: _claim(row) for row in found}

    def save(self, claims: Collection[Claim], now: datetime) -> None:
        if claims:
            later(self.connection, SAVE_CLAIMS, {**_claim_arrays(claims), "now": now})

    def touch(self, checkout_ids: Iterable[UUID]) -> None:
        """Mark these locked claims as modified, since their reservations change."""
        which = stock_claim.c.checkout_id.in_(set(checkout_ids))
        later(self.connection, sa.update(stock_claim).where(which).values(state=stock_claim.c.state))

    def hold(self, lines: Mapping[UUID, list[Line]], buyers: Mapping[UUID, UUID | None]) -> None:
        """Store the open reservations of each checkout with its buyer."""
        rows = [
            {
                "checkout_id": checkout_id,
                **vars(line),
                "restocked": 0,
                "state": "open",
                "buyer_id": buyers[checkout_id],
            }
            for checkout_id, held in lines.items()
            for line in held
        ]
        if rows:
            append(self.connection, reservation, rows)

    def held_by(self, buyers: Collection[UUID], sku_ids: Collection[UUID]) -> dict[UUID, Counter[UUID]]:
        """Units in open reservations, by buyer and SKU."""
        found: dict[UUID, Counter[UUID]] = defaultdict(Counter)
        for row in self.connection.execute(HELD_BY, {"buyers": _texts(buyers), "skus": _texts(sku_ids)}):
            found[row.buyer_id][row.sku_id] = row.units
        return found

    def held(self, checkout_ids: Iterable[UUID]) -> dict[UUID, list[Line]]:
        """The open reservations of each checkout."""
        found: dict[UUID, list[Line]] = defaultdict(list)
        for row in self.connection.execute(HELD, {"ids": _texts(checkout_ids)}).mappings():
            found[row["checkout_id"]].append(_line(row))
        return found

    def close(self, checkout_ids: Iterable[UUID], state: ClaimState) -> None:
        """Set the open reservations of these checkouts to released or committed."""
        later(self.connection, CLOSE, {"ids": _texts(checkout_ids), "state": state})

    def left(self, checkout_ids: Iterable[UUID]) -> dict[UUID, Counter[tuple[UUID, UUID]]]:
        """By checkout, the units of each order and SKU that were sold and not restocked."""
        which = [reservation.c.checkout_id.in_(set(checkout_ids)), reservation.c.state == ClaimState.COMMITTED]
        found: dict[UUID, Counter[tuple[UUID, UUID]]] = defaultdict(Counter)
        for row in self.connection.execute(sa.select(reservation).where(*which)):
            found[row.checkout_id][row.order_id, row.sku_id] = row.quantity - row.restocked
        return found

    def restocked(self, refund_ids: Iterable[UUID]) -> set[UUID]:
        """Those of these refunds that are restocked."""
        rows = sa.select(restock.c.refund_id).where(restock.c.refund_id.in_(set(refund_ids)))
        return set(self.connection.execute(rows).scalars())

    def restock(self, refund_id: UUID, order_id: UUID, now: datetime) -> None:
        """Record that a refund is restocked."""
        later(self.connection, sa.insert(restock).values(refund_id=refund_id, order_id=order_id, at=now))

    def take_back(self, checkout_id: UUID, line: Line) -> None:
        """Count units of a committed reservation as restocked."""
        key = {"checkout_id": checkout_id, "order_id": line.order_id, "sku_id": line.sku_id}
        row = sa.update(reservation).filter_by(**key, state=ClaimState.COMMITTED.value)
        later(self.connection, row.values(restocked=reservation.c.restocked + line.quantity))


def _texts(ids: Iterable[UUID]) -> list[str]:
    return [str(one) for one in ids]


def _claim(row: Any) -> Claim:
    return Claim(
        checkout_id=row["checkout_id"],
        state=ClaimState(row["state"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
        shortages=tuple(
            Shortage(**{**each, "sku_id": UUID(each["sku_id"]), "reason": Reason(each["reason"])})
            for each in row["shortages"]
        ),
    )


def _claim_arrays(claims: Collection[Claim]) -> dict[str, list[str | None]]:
    return {
        "ids": [str(claim.checkout_id) for claim in claims],
        "states": [claim.state for claim in claims],
        "reasons": [claim.reason for claim in claims],
        "shortages": [json.dumps([vars(each) for each in claim.shortages], default=str) for claim in claims],
    }


def _level_arrays(levels: Collection[Level]) -> dict[str, list[Any]]:
    return {
        "ids": _texts(level.sku_id for level in levels),
        "on_hand": [level.on_hand for level in levels],
        "reserved": [level.reserved for level in levels],
    }


def _line(row: Any) -> Line:
    return Line(order_id=row["order_id"], sku_id=row["sku_id"], quantity=row["quantity"])
