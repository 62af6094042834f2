"""The calls to providers are the ones of `shared.provider_calls`: about something, and some of them urgent."""

from alembic import op

revision = "0016"
down_revision = "0015"

UPGRADE = """
ALTER TABLE provider_calls RENAME COLUMN payment_id TO about;
ALTER TABLE provider_calls ADD COLUMN urgent boolean NOT NULL DEFAULT false;
DROP INDEX provider_calls_due;
CREATE INDEX provider_calls_urgent ON provider_calls (due_at) WHERE due_at IS NOT NULL AND urgent;
CREATE INDEX provider_calls_due ON provider_calls (due_at) WHERE due_at IS NOT NULL AND NOT urgent;
CREATE INDEX provider_calls_about ON provider_calls (about);
"""
DOWNGRADE = """
DROP INDEX provider_calls_urgent, provider_calls_due, provider_calls_about;
ALTER TABLE provider_calls DROP COLUMN urgent;
ALTER TABLE provider_calls RENAME COLUMN about TO payment_id;
CREATE INDEX provider_calls_due ON provider_calls (due_at) WHERE due_at IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(UPGRADE)


def downgrade() -> None:
    op.execute(DOWNGRADE)
