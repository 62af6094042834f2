"""Who accepted an invitation is looked for when a person is erased, and when the auditor looks what is left."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute(
        "CREATE INDEX shop_invitation_by_accepted ON shop_invitation (accepted_by) WHERE accepted_by IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX shop_invitation_by_accepted")
