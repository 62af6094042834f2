"""The saga tables for SQLAlchemy Core; `shared.migrations.sagas` creates them."""

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

saga = Table(
    "saga",
    metadata,
    Column("saga_id", Uuid, primary_key=True),
    Column("name", Text),
    Column("business_key", Text),
    Column("version", Integer),
    Column("status", Text),
    Column("step", Text),
    Column("attempt", Integer),
    Column("tries", Integer),
    Column("awaiting", Uuid),
    Column("undo", JSONB),
    Column("met", JSONB),
    Column("reason", Text),
    Column("cancel_requested", Text),
    Column("state", JSONB),
    Column("started_at", DateTime(timezone=True)),
    Column("updated_at", DateTime(timezone=True)),
)

transition = Table(
    "saga_transition",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=True),
    Column("saga_id", Uuid),
    Column("at", DateTime(timezone=True)),
    Column("input", JSONB),
    Column("from_status", Text),
    Column("from_step", Text),
    Column("to_status", Text),
    Column("to_step", Text),
    Column("command_id", Uuid),
    Column("cause_id", Uuid),
    Column("actor", Text),
    Column("note", Text),
)

lock = Table(
    "saga_lock",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=True),
    Column("resource", Text),
    Column("saga_id", Uuid),
)
