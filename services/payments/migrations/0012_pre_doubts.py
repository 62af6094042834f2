"""What is kept so that a person settles no refund that moves by itself, and none twice.

Since when a provider has not said how an attempt stands, and the provider's own number of it; what the payer
himself paid of money that nothing explains.
"""

from alembic import op

revision = "0012"
down_revision = "0011"

UPGRADE = """
ALTER TABLE refund_attempts ADD COLUMN unanswered_since timestamptz, ADD COLUMN provider_number text;
CREATE INDEX refund_attempts_by_provider_number ON refund_attempts (provider_number)
    WHERE provider_number IS NOT NULL;
ALTER TABLE unidentified ADD COLUMN payer_total bigint;
ALTER TABLE hand_settlements DROP CONSTRAINT hand_settlements_paid_from_check,
    ADD CONSTRAINT hand_settlements_paid_from_check CHECK (paid_from IN ('bank', 'provider', 'written_off'));
"""
DOWNGRADE = """
ALTER TABLE hand_settlements DROP CONSTRAINT hand_settlements_paid_from_check,
    ADD CONSTRAINT hand_settlements_paid_from_check CHECK (paid_from IN ('bank', 'provider')) NOT VALID;
ALTER TABLE unidentified DROP COLUMN payer_total;
ALTER TABLE refund_attempts DROP COLUMN unanswered_since, DROP COLUMN provider_number;
"""


def upgrade() -> None:
    op.execute(UPGRADE)


def downgrade() -> None:
    op.execute(DOWNGRADE)
