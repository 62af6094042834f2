"""The table of provider calls for SQLAlchemy Core; `shared.migrations.provider_calls` creates it."""

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, Table, Text, Uuid

metadata = MetaData()


def _time(name: str) -> Column:
    return Column(name, DateTime(timezone=True))


provider_calls = Table(
    "provider_calls",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", Uuid, primary_key=True),
    Column("about", Uuid),
    Column("urgent", Boolean),
    Column("tries", Integer),
    Column("error", Text),
    Column("correlation_id", Uuid),
    Column("traceparent", Text),
    _time("due_at"),
    _time("requested_at"),
)
