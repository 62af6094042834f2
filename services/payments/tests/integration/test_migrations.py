"""What was there before keeps its numbers, its books and its meaning through the migrations."""

import secrets

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from shared import migrate
from shared.testing.databases import admin_url, drop_database

PAID = """
    INSERT INTO payments (payment_id, checkout_id, method, amount, currency, description, state, version,
        expires_at, captured_at, created_at)
    VALUES (gen_random_uuid(), gen_random_uuid(), 'wechat', 100, 'CNY', '', 'captured', 1, now(), now(), now())
"""
REFUND = """
    INSERT INTO refunds (refund_id, payment_id, order_id, amount, currency, tender, state, reason, failure,
        asked_at)
    SELECT gen_random_uuid(), payment_id, gen_random_uuid(), 1, 'CNY', :tender, :state, '',
        CASE :state WHEN 'failed' THEN 'x' END, now() FROM payments
"""
CALLS = """
    INSERT INTO provider_calls (kind, key, payment_id, asked_at)
    SELECT 'refund', refund_id, payment_id, now() FROM refunds WHERE tender = 'provider' AND state <> 'failed'
"""
ATTEMPTS = """
    SELECT r.state, a.state AS attempt, a.position, a.attempt_id = r.refund_id AS same_number
    FROM refunds r LEFT JOIN refund_attempts a USING (refund_id) WHERE tender = 'provider' ORDER BY r.state
"""
BOOKS = """
    INSERT INTO ledger_accounts (name, currency, code, balance)
        VALUES ('at_wechat', 'CNY', 'at_wechat', 100), ('stray_money', 'CNY', 'stray_money', -100);
    INSERT INTO ledger_postings (posting_id, kind, about, posted_at)
        VALUES ('01936000-0000-7000-8000-000000000001', 'stray_captured', gen_random_uuid(), now());
    INSERT INTO ledger_entries (posting_id, line, account, currency, amount)
        VALUES ('01936000-0000-7000-8000-000000000001', 0, 'at_wechat', 'CNY', 100),
            ('01936000-0000-7000-8000-000000000001', 1, 'stray_money', 'CNY', -100);
"""
FAILED = """
    UPDATE payments SET state = 'failed', captured_at = NULL, code_url = 'weixin://x', reason = 'trade_error'
"""


@pytest.fixture
def engine():
    """A new, empty database."""
    url = make_url(admin_url()).set(drivername="postgresql+psycopg2")
    name = f"test_payments_{secrets.token_hex(5)}"
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    mine = url.set(database=name)
    yield create_engine(mine, poolclass=NullPool)
    drop_database(mine.render_as_string(hide_password=False))


def upgrade(engine, to):
    script = ScriptDirectory(str(migrate.folder("payments")), version_locations=[str(migrate.folder("payments"))])
    with engine.begin() as connection:
        steps = {"fn": lambda revision, _: script._upgrade_revs(to, revision)}
        context = MigrationContext.configure(connection, opts=steps)
        with Operations.context(context):
            context.run_migrations()


def test_refunds_that_are_under_way_keep_their_numbers_as_their_first_attempts(engine):
    upgrade(engine, "0006")
    with engine.begin() as connection:
        connection.execute(text(PAID))
        for state in ("asked", "failed", "processing", "succeeded"):
            connection.execute(text(REFUND), {"tender": "provider", "state": state})
        connection.execute(text(REFUND), {"tender": "cash", "state": "succeeded"})
        connection.execute(text(CALLS))
    upgrade(engine, "heads")
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(ATTEMPTS))]
        assert connection.execute(text("SELECT count(*) FROM refund_attempts")).scalar_one() == 3
    assert found == [
        ("asked", "asked", 1, True),
        ("failed", None, None, None),
        ("processing", "processing", 1, True),
        ("succeeded", "succeeded", 1, True),
    ]


def test_books_of_the_one_provider_become_that_providers_own(engine):
    upgrade(engine, "0012")
    with engine.begin() as connection:
        connection.execute(text(BOOKS))
    upgrade(engine, "heads")
    with engine.connect() as connection:
        entries = connection.execute(text("SELECT account, amount FROM ledger_entries ORDER BY line"))
        accounts = connection.execute(text("SELECT name, code, provider, balance FROM ledger_accounts ORDER BY 1"))
        assert list(map(tuple, entries)) == [("provider_clearing:wechat", 100), ("unapplied_receipts", -100)]
        assert list(map(tuple, accounts)) == [
            ("provider_clearing:wechat", "provider_clearing", "wechat", 100),
            ("unapplied_receipts", "unapplied_receipts", None, -100),
        ]
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text("DELETE FROM ledger_entries"))


def test_a_payment_keeps_its_provider_and_what_to_scan_and_has_a_reason_of_ours(engine):
    upgrade(engine, "0012")
    with engine.begin() as connection:
        connection.execute(text(PAID))
        connection.execute(text(FAILED))
    upgrade(engine, "heads")
    query = text("SELECT provider, collection, pay_action, reason FROM payments")
    with engine.connect() as connection:
        (found,) = connection.execute(query)
    scan = {"kind": "qr_code", "content": "weixin://x"}
    assert tuple(found) == ("wechat", "prepaid", scan, "rejected")
