"""The columns of the table of benefits; constraints and indexes are in the migrations."""

from sqlalchemy import Column, DateTime, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

benefits = Table(
    "benefits",
    metadata,
    Column("checkout_id", Uuid, primary_key=True),
    Column("state", Text),
    Column("reason", Text),
    Column("refused", JSONB),  # tagged by kind, as in messages
    Column("held", JSONB),
    Column("changed_at", DateTime(timezone=True)),
)
