"""What was there before refunds had attempts goes on under the numbers that the provider knows."""

import secrets

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, make_url, text

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
