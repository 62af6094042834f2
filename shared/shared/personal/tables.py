"""The table of erasures for SQLAlchemy Core; `shared.migrations.personal` creates it."""

import sqlalchemy as sa

metadata = sa.MetaData()

erased_person = sa.Table(
    "erased_person",
    metadata,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
)
