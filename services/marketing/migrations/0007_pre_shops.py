"""Which shops may not offer coupons. A shop of which nothing was said since may."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE shops (
            shop_id   uuid PRIMARY KEY,
            suspended boolean NOT NULL,
            version   integer NOT NULL
        )
    """)


def downgrade() -> None:
    op.execute("DROP TABLE shops")
