"""The auditor goes on from what it has proven: a pass costs what has changed since, and overlooks none of it."""

import time
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from auditor.audit import audit
from auditor.changed import Changes
from auditor.checks import AuditIncomplete
from auditor.progress import Progress
from auditor.proofs import Kept
from auditor.report import AUDIT_INCOMPLETE, FINDINGS, as_text, status
from services.auditor.tests.many import FILLED, fill
from services.payments.tests.till import empty
from shared import topology
from shared.retention import Purger
from tests.model.queries import CHECKS, WorldQueries

ORDERS = 1500
NOTHING = timedelta()


class Counting(WorldQueries):
    """Doors that count what is asked of them and how many rows they look at, and that may fail."""

    broken = databases = ""

    def call(self, method, request):
        if method == self.broken:
            raise AuditIncomplete(f"{method} failed")
        self.requested += 1
        answer = super().call(method, request)
        self.rows += answer.get("checked", 0)
        return answer | ({"database": self.databases} if "database" in answer and self.databases else {})


class Passes:
    """An auditor that keeps what it has proven, of a shop in which nothing is on its way."""

    def __init__(self, shop, path):
        self.shop, self.queries, self.path = shop, Counting(shop.world), path

    def look(self, *, full=False, full_every=timedelta(days=1)):
        """One pass; everything is committed, so the changes are seen up to now."""
        self.queries.requested = self.queries.rows = 0
        changes = Changes(self.queries, horizon=NOTHING)
        progress = Progress(Kept(str(self.path)), changes, full=full, full_every=full_every)
        return audit(CHECKS, self.queries, grace=None, pause=lambda: None, progress=progress)

    def found(self, **known):
        return {(finding.check, finding.about) for finding in self.look(**known).findings}

    def change(self, name, statement, **terms):
        """Change a database by hand, with all its triggers."""
        with self.shop.world.own(name).engine.begin() as connection:
            assert connection.execute(text(statement), terms).rowcount


@pytest.fixture
def passes(shop_that_goes_on, tmp_path):
    return Passes(shop_that_goes_on, tmp_path / "proofs.sqlite3")


def test_a_second_look_at_what_has_not_changed_reads_almost_nothing(passes):
    for name in FILLED:
        empty(passes.shop.world.open[name])
        fill(passes.shop.world.open[name].engine, name, ORDERS)
    report = passes.look()
    assert report.findings == []
    assert passes.queries.rows > 10 * ORDERS
    again = passes.look()
    assert again.findings == []
    assert passes.queries.rows == 0
    assert passes.queries.requested < 40  # the clocks, a list of changes for each table, and what is under way
    assert sum(outcome.checked for outcome in again.outcomes) == 0
    passes.change("orders", "UPDATE orders SET version = 2 WHERE number = 'N7'")
    counted = {outcome.check.name: outcome.checked for outcome in passes.look().outcomes}
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


# What no part of the system does: an entry whose accounts were not told of it.
ENTRY = """
    WITH posting AS (
        INSERT INTO ledger_postings (posting_id, kind, about, payment_id, posted_at)
        SELECT :id, 'by_hand', :id, payment_id, now() FROM payments LIMIT 1 RETURNING posting_id
    )
    INSERT INTO ledger_entries (posting_id, line, account, currency, amount)
    SELECT posting_id, line, name, currency, CASE line WHEN 1 THEN 5 ELSE -5 END
    FROM posting, (SELECT row_number() OVER (ORDER BY name) AS line, * FROM ledger_accounts LIMIT 2) AS two
"""


def test_what_goes_wrong_after_it_was_proven_is_found_and_stays_found(passes):
    found = passes.found()
    for check, (name, statement) in BREAKS.items():
        passes.change(name, statement)
        before, found = found, passes.found()
        assert check in {each for each, _ in found - before}
    assert passes.found() == found  # nothing has changed since, and it is as wrong as it was
    assert passes.found(full=True) == found


def test_a_balance_that_an_entry_did_not_reach_is_found_without_summing_the_books_again(passes, monkeypatch):
    monkeypatch.setattr("auditor.ledger.SETTLED_AFTER", -600.0)  # the day of the tests has been played ahead
    passes.look()
    passes.change("payments", ENTRY, id=UUID(int=int(time.time() * 1000 + 900_000) << 80))
    monkeypatch.setattr("auditor.ledger.SETTLED_AFTER", -1200.0)
    report = passes.look()
    assert [finding.check for finding in report.findings] == ["ledger.accounts"] * 2
    counted = {outcome.check.name: outcome.checked for outcome in report.outcomes}
    assert (counted["ledger.accounts"], counted["ledger.whole"], counted["ledger.postings"]) == (2, 2, 1)
    assert {check for check, _ in passes.found()} == {"ledger.accounts"}


def test_a_check_that_cannot_look_is_blind_and_the_others_go_on(passes):
    passes.look()
    passes.queries.broken = "marketing.audit_campaigns"
    passes.change(*BREAKS["coupons.campaigns"])
    report = passes.look()
    assert [outcome.check.name for outcome in report.blind] == ["coupons.campaigns"]
    assert (report.clean, status(report)) == (False, AUDIT_INCOMPLETE)
    assert "could not look: marketing.audit_campaigns failed" in as_text(report)
    passes.change(*BREAKS["order.sums"])
    report = passes.look()
    assert "order.sums" in {finding.check for finding in report.findings}
    assert status(report) == FINDINGS
    passes.queries.broken = ""
    assert "coupons.campaigns" in {
        check for check, _ in passes.found()
    }  # what changed while it was blind is looked at


def test_everything_is_looked_at_when_it_is_asked_for_or_long_ago_or_what_was_proven_is_of_no_use(passes):
    def everything(**known):
        passes.look(**known)
        return passes.queries.rows >= rows

    passes.look()
    rows = passes.queries.rows
    assert not everything()
    assert everything(full=True)
    assert everything(full_every=NOTHING)
    passes.path.write_bytes(b"no database" * 100)
    assert everything()
    passes.path.unlink()
    assert everything()
    passes.queries.databases = "restored from a backup, which may lack what was proven"
    assert everything()
    assert not everything()


LEFT = {
    "orders": "SELECT count(*) FROM saga WHERE status IN ('done', 'undone') AND NOT EXISTS"
    " (SELECT FROM refund WHERE state = 'running' AND business_key IN (refund_id::text, order_id::text))",
    "catalog": "SELECT (SELECT count(*) FROM stock_journal) + "
    "(SELECT count(*) FROM stock_claim WHERE state = 'released') AS count",
    "marketing": "SELECT count(*) FROM benefits WHERE state IN ('none', 'refused', 'released')",
}


def archive(passes):
    """What can go goes at once; returns how much of it is left."""
    for name in LEFT:
        rules = topology.service_class(name).retention.rules.values()
        Purger(rules).round(passes.shop.world.own(name).engine)
    return {name: passes.shop.world.rows(name, query)[0]["count"] for name, query in LEFT.items()}


def test_what_is_proven_is_archived_and_all_adds_up_as_before(passes, monkeypatch):
    for kept in ("SAGAS", "STOCK_JOURNAL", "STOCK_CLAIMS", "BENEFITS"):
        monkeypatch.setenv(f"KEEP_{kept}_DAYS", "0")
    assert min(archive(passes).values()) > 0  # nothing is proven yet
    assert passes.found() == set()
    assert archive(passes) == dict.fromkeys(LEFT, 0)
    assert passes.found() == set()
    assert passes.found(full=True) == set()


def test_what_does_not_add_up_is_not_archived(passes, monkeypatch):
    monkeypatch.setenv("KEEP_STOCK_JOURNAL_DAYS", "0")
    passes.change(*BREAKS["stock.levels"])
    assert "stock.levels" in {check for check, _ in passes.found()}
    before = passes.shop.world.rows("catalog", "SELECT count(*) FROM stock_journal")
    archive(passes)
    assert passes.shop.world.rows("catalog", "SELECT count(*) FROM stock_journal") == before
