"""Old journal entries are carried forward into an opening balance, and all sums remain the same."""

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
TRANSITIONS = st.sampled_from(["adjust", "sell", "cancel", "restock", "archive"])


def prove(work, *checks):
    proven.note(work.connection, AuditProven(upto=dict.fromkeys(checks, datetime(2100, 1, 1, tzinfo=UTC))))


def archive(open_work, most=2):
    """Age some of the rows and archive them, by default two rows per transaction."""
    with open_work() as work:
        work.connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in AGES:
            work.connection.execute(text(statement))
        prove(work, "stock.levels", "stock.claims", "stock.reservations")
    removals = [replace(RULES[table], most=most) for table in ("stock_journal", "stock_claim")]
    return Purger(removals).round(open_work.engine)


class ChangingStock:
    """A SKU whose stock changes."""

    def __init__(self, open_work):
        self.market = Market(open_work)
        self.sku_id = self.market.sell(tea_cup())["skus"][0]["sku_id"]
        self.sold = []

    def adjust(self):
        self.market.call("adjust_stock", sku_id=self.sku_id, change=3, reason="recount")

    def sell(self):
        requested = wanted(self.sku_id)
        self.market.receive(requested)
        self.market.receive(CommitStock(checkout_id=requested.checkout_id))
        self.sold.append((requested.checkout_id, requested.lines[0].order_id))

    def cancel(self):
        requested = wanted(self.sku_id)
        self.market.receive(requested)
        self.market.receive(ReleaseStock(checkout_id=requested.checkout_id))

    def restock(self):
        if self.sold:
            checkout_id, order_id = self.sold.pop()
            lines = (line(self.sku_id, order_id=order_id),)
            command = Restock(refund_id=new_id(), checkout_id=checkout_id, order_id=order_id, lines=lines)
            self.market.receive(command)

    def found(self):
        """The discrepancies that the audit queries return."""
        queries = ("audit_levels", "audit_reservations")
        return [item for query in queries for item in self.market.call(query, AUDITOR)["items"]]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(TRANSITIONS, max_size=10))
def test_stock_equals_the_sum_of_all_entries_whenever_some_are_archived(open_work, moves):
    stock = ChangingStock(open_work)
    for move in [*moves, "archive"]:
        archive(open_work) if move == "archive" else getattr(stock, move.replace(" ", "_"))()
        with open_work() as work:
            for on_hand, summed in work.connection.execute(text(BOTH)):
                assert on_hand == summed
        assert stock.found() == []


def test_uncommitted_claims_are_deleted_and_committed_ones_are_kept(open_work):
    stock = ChangingStock(open_work)
    stock.sell()
    stock.cancel()
    archive(open_work, most=100)
    with open_work() as work:
        kept = "SELECT reservation.state FROM stock_claim JOIN reservation USING (checkout_id)"
        assert work.connection.execute(text(kept)).scalars().all() == ["committed"]
    stock.restock()
    assert stock.found() == []


def test_entries_are_kept_until_the_auditor_has_proven_the_stock(open_work):
    stock = ChangingStock(open_work)
    stock.adjust()
    with open_work() as work:
        work.connection.execute(text("SET LOCAL session_replication_role = replica"))
        work.connection.execute(text("UPDATE stock_journal SET modified_at = now() - interval '5 years'"))
    journal = [RULES["stock_journal"]]
    assert Purger(journal).round(open_work.engine) == 0
    with open_work() as work:
        prove(work, "stock.levels")
    assert Purger(journal).round(open_work.engine) == 2


@pytest.mark.parametrize("change", ["DELETE FROM stock_journal", "UPDATE stock_journal SET change = 1"])
def test_only_retention_deletes_entries(open_work, change):
    with pytest.raises(InternalError, match="append-only"), open_work() as work:
        work.connection.execute(text(change))
