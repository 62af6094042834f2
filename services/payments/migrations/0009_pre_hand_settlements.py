"""What was moved by hand is compared with what the provider reports of it: its amount is kept beside the proof."""

from alembic import op

revision = "0009"
down_revision = "0008"

AMOUNTS = """
ALTER TABLE hand_settlements
    ADD COLUMN amount bigint NOT NULL DEFAULT 0 CHECK (amount >= 0),
    ADD COLUMN currency text NOT NULL DEFAULT 'CNY';
ALTER TABLE hand_settlements ALTER COLUMN amount DROP DEFAULT, ALTER COLUMN currency DROP DEFAULT;
CREATE INDEX hand_settlements_to_confirm ON hand_settlements (about) WHERE confirmed_at IS NULL;
CREATE INDEX unidentified_by_number ON unidentified (number);
"""


def upgrade() -> None:
    op.execute(AMOUNTS)


def downgrade() -> None:
    op.execute("ALTER TABLE hand_settlements DROP COLUMN amount, DROP COLUMN currency")
    op.execute("DROP INDEX unidentified_by_number, hand_settlements_to_confirm")
