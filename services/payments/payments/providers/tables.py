"""The table of the calls to providers, as queries name them; the migrations hold their constraints."""

from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text, Uuid

metadata = MetaData()


def _time(name: str) -> Column:
    return Column(name, DateTime(timezone=True))


provider_calls = Table(
    "provider_calls",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", Uuid, primary_key=True),
    Column("payment_id", Uuid),
    Column("tries", Integer),
    Column("error", Text),
    Column("correlation_id", Uuid),
    Column("traceparent", Text),
    _time("due_at"),
    _time("asked_at"),
)
