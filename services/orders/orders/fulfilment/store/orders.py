"""Orders with their lines and steps."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orders.fulfilment.model.order import Line, Order, Step
from orders.fulfilment.model.states import Actor, CancellationReason, OrderState
from orders.fulfilment.model.terms import Allocation, Policy, Terms, Why
from orders.fulfilment.store.wanted import Wanted, conditions
from orders.fulfilment.tables import order, order_line, order_step
from shared import shapes
from shared.money import Money
from shared.reading import rows
from shared.round_trips import later
from shared.rows import append, change

OF_CHECKOUTS = "WHERE checkout_id = ANY(%s) ORDER BY order_id "
OF_ORDERS = "WHERE order_id = ANY(%s) ORDER BY position"

ORDER_FIELDS = [c.name for c in order.columns if c.name != "currency"]
LINE_FIELDS = [c.name for c in order_line.columns if c.name not in ("order_id", "position")]
CHANGING = (
    "state", "version", "refunded", "reason", "reason_text", "refusal", "withheld_goods", "withheld_shipping",
)  # fmt: skip
CLAIMS = ("claimed_quantity", "claimed_amount", "refunded_quantity", "refunded_amount")
MONEY = {"goods", "discount", "shipping", "total", "unit_price", "paid"}


@dataclass(frozen=True)
class Orders:
    """Reads and writes orders. Lock an order before changing it; several are locked in the order of their ids."""

    connection: sa.Connection
    _of_checkout: dict[UUID, list[Order]] = field(default_factory=dict)
    _locked: dict[UUID, list[Order]] = field(default_factory=dict)  # by checkout: added or locked here

    def add(self, orders: Sequence[Order]) -> None:
        """Store the new orders of a checkout."""
        append(self.connection, order, [_order_row(o) for o in orders])
        lines = [_line_row(o, at, line) for o in orders for at, line in enumerate(o.lines)]
        append(self.connection, order_line, lines)
        for each in orders:
            each.updated_at = each.placed_at
        self._locked.update(_by_checkout(orders))

    def read_checkouts(self, checkout_ids: Collection[UUID]) -> None:
        """Read the orders of these checkouts in advance, for `of_checkout`; without locks."""
        found = _by_checkout(self._of_checkouts(checkout_ids))
        self._of_checkout.update({checkout_id: found.get(checkout_id, []) for checkout_id in checkout_ids})

    def lock_checkouts(self, checkout_ids: Collection[UUID]) -> None:
        """Lock and read the orders of these checkouts in advance, for `lock_checkout`."""
        found = _by_checkout(self._of_checkouts(checkout_ids, "FOR UPDATE"))
        self._locked.update({checkout_id: found.get(checkout_id, []) for checkout_id in checkout_ids})

    def get(self, order_id: UUID) -> Order | None:
        """One order, without a lock."""
        return next(iter(self._read(order.c.order_id == order_id, lock=False)), None)

    def lock(self, order_id: UUID) -> Order | None:
        """One order, locked until the end of the transaction."""
        return next(iter(self._read(order.c.order_id == order_id, lock=True)), None)

    def lock_checkout(self, checkout_id: UUID) -> list[Order]:
        """All orders of a checkout, locked."""
        if checkout_id not in self._locked:
            self.lock_checkouts([checkout_id])
        return self._locked[checkout_id]

    def lock_all_of(self, buyer_id: UUID) -> None:
        """Lock all orders of a buyer."""
        theirs = sa.select(order.c.order_id).where(order.c.buyer_id == buyer_id).order_by(order.c.order_id)
        self.connection.execute(theirs.with_for_update())

    def of_checkout(self, checkout_id: UUID) -> list[Order]:
        """All orders of a checkout."""
        if checkout_id in self._locked:
            return self._locked[checkout_id]
        if checkout_id in self._of_checkout:
            return self._of_checkout[checkout_id]
        return self._of_checkouts([checkout_id])

    def page(self, wanted: Wanted, *, after: UUID | None, limit: int, **owner: UUID) -> list[Order]:
        """The newest of these orders of `buyer_id=` or `shop_id=`, older than `after`."""
        which = [order.c[name] == value for name, value in owner.items()]
        which += [order.c.order_id < after] if after else []
        which += conditions(wanted)
        return self._read(sa.and_(*which), lock=False, newest=limit)

    def find(self, number: str, identity: UUID | None, most: int) -> Sequence[Any]:
        """The rows of orders with this number, id or checkout."""
        which = [order.c.number == number]
        which += [order.c.order_id == identity, order.c.checkout_id == identity] if identity else []
        parts = [sa.select(order.c.order_id).where(each) for each in which]
        wanted = sa.select(order).where(order.c.order_id.in_(sa.union(*parts)))
        return self.connection.execute(wanted.order_by(order.c.order_id).limit(most)).mappings().all()

    def save(self, changed: Order, now: datetime) -> None:
        """Store the fields of an order that can change, without its lines."""
        new = {name: getattr(changed, name) for name in CHANGING} | {"updated_at": now}
        change(self.connection, order, {"order_id": changed.order_id}, new)
        changed.updated_at = now
        self._of_checkout.pop(changed.checkout_id, None)
        if not any(each is changed for each in self._locked.get(changed.checkout_id, ())):
            self._locked.pop(changed.checkout_id, None)  # was read a second time, by its id

    def save_claims(self, changed: Order, now: datetime) -> None:
        """Store an order, and what refunds claim and have paid of its lines."""
        self.save(changed, now)
        row = sa.update(order_line).where(order_line.c.line_id == sa.bindparam("of_line"))
        later(
            self.connection,
            row.values({name: sa.bindparam(f"new_{name}") for name in CLAIMS}),
            [
                {"of_line": li.line_id, **{f"new_{name}": getattr(li, name) for name in CLAIMS}}
                for li in changed.lines
            ],
        )

    def note_steps(self, orders: Iterable[Order], actor: Actor, now: datetime, note: str | None = None) -> None:
        """Append the present state of each order, and its reason, to its history."""
        by = {"actor": actor, "note": note, "at": now}
        rows = [{"order_id": o.order_id, "state": o.state, "reason": o.reason, **by} for o in orders]
        append(self.connection, order_step, rows)

    def steps(self, order_id: UUID) -> list[Step]:
        """The history of an order, oldest first."""
        rows = sa.select(*order_step.c["state", "actor", "reason", "note", "at"])
        rows = rows.where(order_step.c.order_id == order_id).order_by(order_step.c.position)
        return [_step(row) for row in self.connection.execute(rows).mappings()]

    def _of_checkouts(self, checkout_ids: Collection[UUID], lock: str = "") -> list[Order]:
        found = rows(self.connection, order, OF_CHECKOUTS + lock, list(checkout_ids))
        return self._with_lines(found)

    def _read(self, which: sa.ColumnElement[bool], *, lock: bool, newest: int | None = None) -> list[Order]:
        query = sa.select(order).where(which)
        by_id = order.c.order_id
        query = query.order_by(by_id.desc()).limit(newest) if newest else query.order_by(by_id)
        return self._with_lines(
            self.connection.execute(query.with_for_update() if lock else query).mappings().all()
        )

    def _with_lines(self, found: Sequence[Any]) -> list[Order]:
        """These rows as orders. Their lines are read after the orders, which may just have been locked."""
        lines: dict[UUID, list[Any]] = {row["order_id"]: [] for row in found}
        for line in rows(self.connection, order_line, OF_ORDERS, list(lines)) if lines else ():
            lines[line["order_id"]].append(line)
        return [_order(row, lines[row["order_id"]]) for row in found]


def _by_checkout(orders: Iterable[Order]) -> dict[UUID, list[Order]]:
    """Orders by checkout, in the order of their ids."""
    found: dict[UUID, list[Order]] = defaultdict(list)
    for one in sorted(orders, key=lambda each: each.order_id):
        found[one.checkout_id].append(one)
    return found


def _order(row: Any, lines: Iterable[Any]) -> Order:
    currency = row["currency"]
    return Order(
        **{
            **_fields(row, ORDER_FIELDS, currency),
            "state": OrderState(row["state"]),
            "reason": CancellationReason(row["reason"]) if row["reason"] else None,
            "policy": Policy(row["policy"]),
            "terms": shapes.load(Terms, row["terms"]) if row["terms"] else None,
            "shipping_allocations": shapes.load(tuple[Allocation, ...], row["shipping_allocations"]),
        },
        lines=[_line(line, currency) for line in lines],
    )


def _line(row: Any, currency: str) -> Line:
    why = tuple(Why(**each) for each in row["why"])
    allocations = shapes.load(tuple[Allocation, ...], row["allocations"])
    return Line(**{**_fields(row, LINE_FIELDS, currency), "why": why, "allocations": allocations})


def _step(row: Any) -> Step:
    reason = CancellationReason(row["reason"]) if row["reason"] else None
    return Step(**{**row, "state": OrderState(row["state"]), "actor": Actor(row["actor"]), "reason": reason})


def _fields(row: Any, names: Iterable[str], currency: str) -> dict[str, Any]:
    return {name: Money(row[name], currency) if name in MONEY else row[name] for name in names}


def _order_row(new: Order) -> dict[str, Any]:
    terms = shapes.dump(new.terms) if new.terms else None
    about = {"currency": new.total.currency, "updated_at": new.placed_at, "terms": terms}
    shipping = {"shipping_allocations": [shapes.dump(each) for each in new.shipping_allocations]}
    return {**_amounts(new, ORDER_FIELDS), **about, **shipping}


def _line_row(of: Order, position: int, line: Line) -> dict[str, Any]:
    frozen = {name: [shapes.dump(each) for each in getattr(line, name)] for name in ("why", "allocations")}
    return {**_amounts(line, LINE_FIELDS), **frozen, "order_id": of.order_id, "position": position}


def _amounts(thing: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(thing, name).amount if name in MONEY else getattr(thing, name) for name in names}
