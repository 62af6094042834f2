"""The operating tables for SQLAlchemy Core; `shared.migrations.operating` creates them."""

from sqlalchemy import Column, DateTime, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

operator_log = Table(
    "operator_log",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True)),
    Column("actor", Text),
    Column("action", Text),
    Column("about", Text),
    Column("note", Text),
    Column("before", JSONB(none_as_null=True)),
    Column("after", JSONB(none_as_null=True)),
)

dead_letter = Table(
    "dead_letter",
    metadata,
    Column("dead_letter_id", Uuid, primary_key=True),
    Column("copy", Text),
    Column("message_id", Uuid),
    Column("topic", Text),
    Column("queue", Text),
    Column("body", LargeBinary),
    Column("headers", JSONB),
    Column("handler", Text),
    Column("exception", Text),
    Column("message", Text),
    Column("stack", Text),
    Column("attempts", Integer),
    Column("retried", Integer),
    Column("first_failed_at", DateTime(timezone=True)),
    Column("last_failed_at", DateTime(timezone=True)),
    Column("host", Text),
    Column("arrived_at", DateTime(timezone=True)),
    Column("state", Text),
    Column("closed_at", DateTime(timezone=True)),
    Column("closed_by", Text),
)

process_report = Table(
    "process_report",
    metadata,
    Column("instance", Uuid, primary_key=True),
    Column("process", Text),
    Column("host", Text),
    Column("started_at", DateTime(timezone=True)),
    Column("seen_at", DateTime(timezone=True)),
    Column("since", DateTime(timezone=True)),
    Column("failing", JSONB),
    Column("queues", JSONB),
    Column("settings", JSONB),
)
