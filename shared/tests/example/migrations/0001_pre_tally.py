"""The delivery tables, and one to count in."""

from alembic import op

from shared.migrations import delivery

revision = "0001"
down_revision = None


def upgrade():
    delivery.create(op)
    op.execute("CREATE TABLE tally (subject text PRIMARY KEY, times int NOT NULL)")


def downgrade():
    op.execute("DROP TABLE tally")
    delivery.drop(op)
