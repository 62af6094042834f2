"""Benefits of checkouts that had no coupon go after a time, once the auditor has proven them."""

from alembic import op

from shared.migrations import proven

revision = "0009"
down_revision = "0008"

INDEX = """
CREATE INDEX benefits_that_were_nothing ON benefits (modified_at) WHERE state IN ('none', 'refused', 'released')
"""


def upgrade() -> None:
    proven.create(op)
    op.execute(INDEX)


def downgrade() -> None:
    op.execute("DROP INDEX benefits_that_were_nothing")
    proven.drop(op)
