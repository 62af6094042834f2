"""The tables of payments: those shared by all services, then those of each module, from its own SQL file."""

from pathlib import Path

from alembic import op

from shared.migrations import auditing, delivery, operating, personal, provider_calls

revision = "0001"
down_revision = None

SHARED = (delivery, operating, auditing, personal, provider_calls)
MODULES = ("taking", "refunding", "ledger")
TRACKED = {
    "payments": "payment_id",
    "captures": "capture_id",
    "refunds": "refund_id",
    "ledger_postings": "posting_id",
}


def upgrade() -> None:
    for tables in SHARED:
        tables.create(op)
    for module in MODULES:
        op.execute((Path(__file__).with_suffix("") / f"{module}.sql").read_text())
    auditing.track(op, TRACKED)


def downgrade() -> None:
    op.execute("ALTER TABLE provider_calls DROP CONSTRAINT provider_calls_about_fkey")
    op.execute("DROP TABLE ledger_entries, ledger_postings, ledger_accounts")
    op.execute("DROP FUNCTION posting_balances, ledger_is_append_only")
    op.execute("DROP TABLE manual_settlements, refund_attempts, refunds")
    op.execute("DROP TABLE unidentified, unanswered_commands, provider_notifications, captures, attempts")
    op.execute("DROP TABLE payment_lines, payment_parts, payments")
    for tables in reversed(SHARED):
        tables.drop(op)
