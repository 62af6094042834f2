"""The auditor continues from what it has proven: an audit checks everything that has changed since."""

import time
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from auditor.audit import audit
from auditor.changed import Changes
from auditor.checks import AuditIncomplete
from auditor.progress import Progress
from auditor.proofs import ProofFile
from auditor.report import AUDIT_INCOMPLETE, FINDINGS, as_text, status
from services.auditor.tests.many import FILLED, fill
from services.payments.tests.till import empty
from shared import topology
from shared.retention import Purger
from tests.model.queries import CHECKS, WorldQueries

ORDERS = 1500
NOTHING = timedelta()


class CountingQueries(WorldQueries):
    """Audit queries that count requests and checked rows, and that can fail."""

    failing = databases = ""

    def call(self, method, request):
        if method == self.failing:
            raise AuditIncomplete(f"{method} failed")
        self.requested += 1
        answer = super().call(method, request)
        self.rows += answer.get("checked", 0)
        return answer | ({"database": self.databases} if "database" in answer and self.databases else {})


class Audits:
    """An auditor that stores its proofs, of a shop in which no message is in transit."""

    def __init__(self, shop, path):
        self.shop, self.queries, self.path = shop, CountingQueries(shop.world), path

    def run(self, *, full=False, full_every=timedelta(days=1)):
        """One audit; everything is committed, so no change is too recent to be read."""
        self.queries.requested = self.queries.rows = 0
        changes = Changes(self.queries, horizon=NOTHING)
        progress = Progress(ProofFile(str(self.path)), changes, full=full, full_every=full_every)
        return audit(CHECKS, self.queries, grace=None, pause=lambda: None, progress=progress)

    def found(self, **known):
        return {(finding.check, finding.about) for finding in self.run(**known).findings}

    def change(self, name, statement, **terms):
        """Change a database by hand, with all its triggers."""
        with self.shop.world.own(name).engine.begin() as connection:
            assert connection.execute(text(statement), terms).rowcount


@pytest.fixture
def audits(copied_shop, tmp_path):
    return Audits(copied_shop, tmp_path / "proofs.sqlite3")


def test_a_second_audit_without_changes_reads_almost_nothing(audits):
    for name in FILLED:
        empty(audits.shop.world.open[name])
        fill(audits.shop.world.open[name].engine, name, ORDERS)
    report = audits.run()
    assert report.findings == []
    assert audits.queries.rows > 10 * ORDERS
    again = audits.run()
    assert again.findings == []
    assert audits.queries.rows == 0
    assert audits.queries.requested < 40  # the clocks, a list of changes for each table, and what is in progress
    assert sum(outcome.checked for outcome in again.outcomes) == 0
    audits.change("orders", "UPDATE orders SET version = 2 WHERE number = 'N7'")
    counted = {outcome.check.name: outcome.checked for outcome in audits.run().outcomes}
    assert {name: number for name, number in counted.items() if number} == {
        "stock.claims": 1, "stock.sold": 1, "money.orders": 1, "money.payments": 1, "money.lines": 1,
        "order.sums": 1,
    }  # fmt: skip


BREAKS = {
    "stock.levels": (
        "catalog",
        """INSERT INTO stock_journal (sku_id, kind, change, reason, at)
        SELECT sku_id, 'received', 1, '', now() FROM stock LIMIT 1""",
    ),
    "stock.reservations": (
        "catalog",
        """UPDATE stock_claim SET state = 'released' WHERE checkout_id = (
            SELECT checkout_id FROM reservation WHERE state = 'committed' LIMIT 1)""",
    ),
    "stock.claims": (
        "orders",
        """UPDATE checkout SET state = 'cancelled' WHERE checkout_id = (
            SELECT checkout_id FROM checkout WHERE state = 'confirmed' AND benefits = '[]' LIMIT 1)""",
    ),
    "money.orders": (
        "orders",
        """UPDATE orders SET refunded = refunded + 1 WHERE order_id = (
            SELECT order_id FROM orders WHERE state IN ('confirmed', 'completed') LIMIT 1)""",
    ),
    "money.lines": ("payments", "UPDATE refunds SET lines = '[]' WHERE order_id IS NOT NULL"),
    "money.sums": ("payments", "UPDATE captures SET amount = amount + 1 WHERE standing = 'kept'"),
    "money.payments": ("payments", "UPDATE payments SET amount = amount + 1 WHERE state = 'captured'"),
    "money.refunds": ("payments", "UPDATE refunds SET amount = amount + 1 WHERE order_id IS NOT NULL"),
    "money.unapplied_receipts": (
        "payments",
        "UPDATE refunds SET amount = amount + 1 WHERE capture_id IS NOT NULL",
    ),
    "order.sums": ("orders", "UPDATE refund SET amount = amount + 1 WHERE state = 'refunded'"),
    "coupons.campaigns": ("marketing", "UPDATE campaigns SET claimed = claimed + 1 WHERE claimed < total_limit"),
    "coupons.moves": (
        "marketing",
        "UPDATE coupons SET state = 'held', checkout_id = gen_random_uuid() WHERE state = 'free'",
    ),
    "coupons.checkouts": ("marketing", "UPDATE benefits SET state = 'released' WHERE state = 'redeemed'"),
}


# An entry that does not change the balances of its accounts; no part of the system makes one.
ENTRY = """
    WITH posting AS (
        INSERT INTO ledger_postings (posting_id, kind, about, payment_id, posted_at)
        SELECT :id, 'by_hand', :id, payment_id, now() FROM payments LIMIT 1 RETURNING posting_id
    )
    INSERT INTO ledger_entries (posting_id, line, account, currency, amount)
    SELECT posting_id, line, name, currency, CASE line WHEN 1 THEN 5 ELSE -5 END
    FROM posting, (SELECT row_number() OVER (ORDER BY name) AS line, * FROM ledger_accounts LIMIT 2) AS two
"""


def test_a_violation_after_a_proof_is_found_in_every_further_audit(audits):
    found = audits.found()
    for check, (name, statement) in BREAKS.items():
        audits.change(name, statement)
        before, found = found, audits.found()
        assert check in {each for each, _ in found - before}
    assert audits.found() == found  # nothing has changed since
    assert audits.found(full=True) == found


def test_a_balance_without_a_new_entry_is_found_without_summing_the_ledger_again(audits, monkeypatch):
    monkeypatch.setattr("auditor.ledger.SETTLED_AFTER", -600.0)  # the day of the tests was played in the future
    audits.run()
    audits.change("payments", ENTRY, id=UUID(int=int(time.time() * 1000 + 900_000) << 80))
    monkeypatch.setattr("auditor.ledger.SETTLED_AFTER", -1200.0)
    report = audits.run()
    assert [finding.check for finding in report.findings] == ["ledger.accounts"] * 2
    counted = {outcome.check.name: outcome.checked for outcome in report.outcomes}
    assert (counted["ledger.accounts"], counted["ledger.total"], counted["ledger.postings"]) == (2, 2, 1)
    assert {check for check, _ in audits.found()} == {"ledger.accounts"}


def test_a_blind_check_does_not_stop_the_others_and_catches_up_later(audits):
    audits.run()
    audits.queries.failing = "marketing.audit_campaigns"
    audits.change(*BREAKS["coupons.campaigns"])
    report = audits.run()
    assert [outcome.check.name for outcome in report.blind] == ["coupons.campaigns"]
    assert (report.clean, status(report)) == (False, AUDIT_INCOMPLETE)
    assert "could not run: marketing.audit_campaigns failed" in as_text(report)
    audits.change(*BREAKS["order.sums"])
    report = audits.run()
    assert "order.sums" in {finding.check for finding in report.findings}
    assert status(report) == FINDINGS
    audits.queries.failing = ""
    found = {check for check, _ in audits.found()}
    assert "coupons.campaigns" in found  # it checks what changed while it was blind


def test_everything_is_checked_when_it_is_requested_overdue_or_not_proven(audits):
    def everything(**known):
        audits.run(**known)
        return audits.queries.rows >= rows

    audits.run()
    rows = audits.queries.rows
    assert not everything()
    assert everything(full=True)
    assert everything(full_every=NOTHING)
    audits.path.write_bytes(b"no database" * 100)
    assert everything()
    audits.path.unlink()
    assert everything()
    audits.queries.databases = "restored from a backup"
    assert everything()
    assert not everything()


LEFT = {
    "orders": "SELECT count(*) FROM saga WHERE status IN ('done', 'undone') AND NOT EXISTS"
    " (SELECT FROM refund WHERE state = 'running' AND business_key IN (refund_id::text, order_id::text))",
    "catalog": "SELECT (SELECT count(*) FROM stock_journal) + "
    "(SELECT count(*) FROM stock_claim WHERE state = 'released') AS count",
    "marketing": "SELECT count(*) FROM benefits WHERE state IN ('none', 'refused', 'released')",
}


def archive(audits):
    """Archive everything that may be archived; returns how many rows are left."""
    for name in LEFT:
        rules = topology.service_class(name).retention.rules.values()
        Purger(rules).round(audits.shop.world.own(name).engine)
    return {name: audits.shop.world.rows(name, query)[0]["count"] for name, query in LEFT.items()}


def test_proven_rows_are_archived_and_the_invariants_still_hold(audits, monkeypatch):
    for kept in ("SAGAS", "STOCK_JOURNAL", "STOCK_CLAIMS", "BENEFITS"):
        monkeypatch.setenv(f"KEEP_{kept}_DAYS", "0")
    assert min(archive(audits).values()) > 0  # nothing is proven yet
    assert audits.found() == set()
    assert archive(audits) == dict.fromkeys(LEFT, 0)
    assert audits.found() == set()
    assert audits.found(full=True) == set()


def test_unproven_rows_are_not_archived(audits, monkeypatch):
    monkeypatch.setenv("KEEP_STOCK_JOURNAL_DAYS", "0")
    audits.change(*BREAKS["stock.levels"])
    assert "stock.levels" in {check for check, _ in audits.found()}
    before = audits.shop.world.rows("catalog", "SELECT count(*) FROM stock_journal")
    archive(audits)
    assert audits.shop.world.rows("catalog", "SELECT count(*) FROM stock_journal") == before
