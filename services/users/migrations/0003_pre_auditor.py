"""An account may be the auditor's."""

from alembic import op

revision = "0003"
down_revision = "0002"

STANDINGS = """
ALTER TABLE account DROP CONSTRAINT account_standings_check,
    ADD CONSTRAINT account_standings_check CHECK (standings <@ ARRAY['shopper', 'operator', 'auditor'])
"""


def upgrade() -> None:
    op.execute(STANDINGS)


def downgrade() -> None:
    op.execute(STANDINGS.replace(", 'auditor'", ""))
