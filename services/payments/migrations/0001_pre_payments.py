"""Create the tables of payments."""

from alembic import op

from shared.migrations import auditing, delivery, initial, operating, personal, provider_calls

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
    initial.create(op, __file__, SHARED, MODULES, TRACKED)


def downgrade() -> None:
    op.execute("ALTER TABLE provider_calls DROP CONSTRAINT provider_calls_about_fkey")
    op.execute("DROP TABLE ledger_entries, ledger_postings, ledger_accounts")
    op.execute("DROP FUNCTION posting_balances, ledger_is_append_only")
    op.execute("DROP TABLE manual_settlements, refund_attempts, refunds")
    op.execute("DROP TABLE unidentified, unanswered_commands, provider_notifications, captures, attempts")
    op.execute("DROP TABLE payment_lines, payment_parts, payments")
    initial.drop(op, SHARED)
