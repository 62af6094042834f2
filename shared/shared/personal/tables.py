"""The table of erasures as SQLAlchemy Core sees it; `shared.migrations.personal` makes it."""

import sqlalchemy as sa

metadata = sa.MetaData()

erased_person = sa.Table(
    "erased_person",
    metadata,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
)
