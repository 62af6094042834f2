"""Old movements of stock are carried forward into an opening balance, and all adds up as before."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from catalog.retention import RULES
from services.catalog.tests.builders import Market, line, tea_cup, wanted
from shared import proven
from shared.auth import Caller
from shared.contracts.auditing.requests import AuditProven
from shared.contracts.catalog import CommitStock, ReleaseStock, Restock
from shared.ids import new_id
from shared.permissions import Role
from shared.retention import Purger

AUDITOR = Caller(new_id(), new_id(), frozenset({Role.AUDITOR}))
BOTH = """
    SELECT on_hand, (SELECT coalesce(sum(change), 0) FROM stock_journal WHERE stock_journal.sku_id = stock.sku_id)
        + coalesce((SELECT on_hand FROM stock_opening WHERE stock_opening.sku_id = stock.sku_id), 0)
    FROM stock
"""
AGES = ("UPDATE stock_journal SET modified_at = modified_at - interval '401 days' WHERE position % 3 > 0",
        "UPDATE stock_claim SET modified_at = modified_at - interval '91 days'")  # fmt: skip
TRANSITIONS = st.sampled_from(["adjust", "sell", "give up", "restock", "archive"])


def prove(work, *checks):
    proven.note(work.connection, AuditProven(upto=dict.fromkeys(checks, datetime(2100, 1, 1, tzinfo=UTC))))


def archive(open_work, most=2):
    """A part of what is there has become old and is archived, two rows in a transaction."""
    with open_work() as work:
        work.connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in AGES:
            work.connection.execute(text(statement))
        prove(work, "stock.levels", "stock.claims", "stock.reservations")
    removals = [replace(RULES[table], most=most) for table in ("stock_journal", "stock_claim")]
    return Purger(removals).round(open_work.engine)


class SagaPath:
    """A SKU whose stock moves."""

    def __init__(self, open_work):
        self.market = Market(open_work)
        self.sku_id = self.market.sell(tea_cup())["skus"][0]["sku_id"]
        self.sold = []

    def adjust(self):
        self.market.call("adjust_stock", sku_id=self.sku_id, change=3, reason="found behind the shelf")

    def sell(self):
        order = new_id()
        requested = wanted(self.sku_id)
        self.market.receive(requested)
        self.market.receive(CommitStock(checkout_id=requested.checkout_id))
        self.sold.append((requested.checkout_id, requested.lines[0].order_id or order))

    def give_up(self):
        requested = wanted(self.sku_id)
        self.market.receive(requested)
        self.market.receive(ReleaseStock(checkout_id=requested.checkout_id))

    def restock(self):
        if self.sold:
            checkout_id, order_id = self.sold.pop()
            back = (line(self.sku_id, order_id=order_id),)
            command = Restock(refund_id=new_id(), checkout_id=checkout_id, order_id=order_id, lines=back)
            self.market.receive(command)

    def found(self):
        """What the auditor finds."""
        queries = ("audit_levels", "audit_reservations")
        return [item for door in queries for item in self.market.call(door, AUDITOR)["items"]]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(TRANSITIONS, max_size=10))
def test_whenever_movements_are_archived_the_stock_is_the_sum_of_all_there_ever_were(open_work, moves):
    path = SagaPath(open_work)
    for move in [*moves, "archive"]:
        archive(open_work) if move == "archive" else getattr(path, move.replace(" ", "_"))()
        with open_work() as work:
            for on_hand, summed in work.connection.execute(text(BOTH)):
                assert on_hand == summed
        assert path.found() == []


def test_claims_that_came_to_nothing_go_and_those_of_sold_goods_stay(open_work):
    path = SagaPath(open_work)
    path.sell()
    path.give_up()
    archive(open_work, most=100)
    with open_work() as work:
        kept = "SELECT reservation.state FROM stock_claim JOIN reservation USING (checkout_id)"
        assert work.connection.execute(text(kept)).scalars().all() == ["committed"]
    path.restock()
    assert path.found() == []


def test_entries_stay_until_the_auditor_has_proven_the_stock(open_work):
    path = SagaPath(open_work)
    path.adjust()
    with open_work() as work:
        work.connection.execute(text("SET LOCAL session_replication_role = replica"))
        work.connection.execute(text("UPDATE stock_journal SET modified_at = now() - interval '5 years'"))
    journal = [RULES["stock_journal"]]
    assert Purger(journal).round(open_work.engine) == 0
    with open_work() as work:
        prove(work, "stock.levels")
    assert Purger(journal).round(open_work.engine) == 2


@pytest.mark.parametrize("change", ["DELETE FROM stock_journal", "UPDATE stock_journal SET change = 1"])
def test_nobody_else_removes_an_entry(open_work, change):
    with pytest.raises(InternalError, match="append-only"), open_work() as work:
        work.connection.execute(text(change))
