"""The tables of refunds, attempts and settlements for queries; their constraints are in the migrations."""

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def _time(name: str) -> Column:
    return Column(name, DateTime(timezone=True))


refunds = Table(
    "refunds",
    metadata,
    Column("refund_id", Uuid, primary_key=True),
    Column("payment_id", Uuid),
    Column("order_id", Uuid),
    Column("capture_id", Uuid),
    Column("amount", BigInteger),
    Column("currency", Text),
    Column("tender", Text),
    Column("state", Text),
    Column("reason", Text),
    Column("failure", Text),
    _time("requested_at"),
    Column("lines", JSONB),
)

refund_attempts = Table(
    "refund_attempts",
    metadata,
    Column("attempt_id", Uuid, primary_key=True),
    Column("refund_id", Uuid),
    Column("position", Integer),
    Column("state", Text),
    Column("result", Text),
    _time("stalled_since"),
    _time("unanswered_since"),
    Column("provider_number", Text),
    _time("requested_at"),
)

manual_settlements = Table(
    "manual_settlements",
    metadata,
    Column("about", Uuid, primary_key=True),
    Column("paid_from", Text),
    Column("proof", Text),
    Column("amount", BigInteger),
    Column("currency", Text),
    Column("note", Text),
    Column("proposed_by", Text),
    _time("proposed_at"),
    Column("confirmed_by", Text),
    _time("confirmed_at"),
)
