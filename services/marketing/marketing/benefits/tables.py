"""The table of benefits, as queries see it; constraints and indexes are in the migrations."""

from sqlalchemy import Column, DateTime, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

benefits = Table(
    "benefits",
    metadata,
    Column("checkout_id", Uuid, primary_key=True),
    Column("state", Text),
    Column("reason", Text),
    Column("refused", JSONB),  # tagged benefits, as messages have them
    Column("held", JSONB),
    Column("changed_at", DateTime(timezone=True)),
)
