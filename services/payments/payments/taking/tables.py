"""The tables of taking for queries; their constraints are in the migrations.

The references are repeated here for `shared.rows`, which inserts the rows that are referenced first.
"""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def _time(name: str) -> Column:
    return Column(name, DateTime(timezone=True))


payments = Table(
    "payments",
    metadata,
    Column("payment_id", Uuid, primary_key=True),
    Column("checkout_id", Uuid),
    Column("buyer_id", Uuid),
    Column("method", Text),
    Column("provider", Text),
    Column("collection", Text),
    Column("amount", BigInteger),
    Column("currency", Text),
    Column("description", Text),
    Column("state", Text),
    Column("attempt_id", Uuid),
    Column("pay_action", JSONB),
    Column("reason", Text),
    Column("version", Integer),
    _time("expires_at"),
    _time("captured_at"),
    _time("created_at"),
)

parts = Table(
    "payment_parts",
    metadata,
    Column("payment_id", Uuid, ForeignKey("payments.payment_id"), primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("shop_id", Uuid),
    Column("amount", BigInteger),
    Column("receivable", BigInteger),
    Column("captured", BigInteger),
    Column("refunded", BigInteger),
    Column("written_off", BigInteger),
)

lines = Table(
    "payment_lines",
    metadata,
    Column("payment_id", Uuid, ForeignKey("payment_parts.payment_id"), primary_key=True),
    Column("order_id", Uuid, ForeignKey("payment_parts.order_id"), primary_key=True),
    Column("line_id", Uuid, primary_key=True),
    Column("position", Integer),
    Column("kind", Text),
    Column("category", Text),
    Column("quantity", Integer),
    Column("paid", BigInteger),
    Column("tax", BigInteger),
    Column("shop_discount", BigInteger),
    Column("platform_discount", BigInteger),
    Column("refunded_quantity", Integer),
    Column("refunded", BigInteger),
)

attempts = Table(
    "attempts",
    metadata,
    Column("attempt_id", Uuid, primary_key=True),
    Column("payment_id", Uuid, ForeignKey("payments.payment_id")),
    Column("provider", Text),
    _time("created_at"),
)

captures = Table(
    "captures",
    metadata,
    Column("capture_id", Uuid, primary_key=True),
    Column("provider", Text),
    Column("transaction_id", Text),
    Column("payment_id", Uuid, ForeignKey("payments.payment_id")),
    Column("attempt_id", Uuid, ForeignKey("attempts.attempt_id")),
    Column("amount", BigInteger),
    Column("currency", Text),
    Column("standing", Text),
    _time("captured_at"),
)

notifications = Table(
    "provider_notifications",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("kind", Text),
    Column("about", JSONB),
    Column("document", JSONB),
    Column("traceparent", Text),  # of the provider's request
    Column("tries", Integer),
    Column("outcome", Text),
    _time("process_at"),
    _time("received_at"),
)

unanswered = Table(
    "unanswered_commands",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("requester", Text),
    Column("kind", Text),
    Column("payment_id", Uuid, ForeignKey("payments.payment_id")),
    Column("refund_id", Uuid),
    Column("correlation_id", Uuid),
    Column("traceparent", Text),
    _time("requested_at"),
)

unidentified = Table(
    "unidentified",
    metadata,
    Column("unidentified_id", Uuid, primary_key=True),
    Column("kind", Text),
    Column("why", Text),
    Column("provider", Text),
    Column("number", Text),
    Column("out_trade_no", Text),
    Column("provider_number", Text),
    Column("amount", BigInteger),
    Column("payer_total", BigInteger),
    Column("currency", Text),
    _time("happened_at"),
    _time("booked_at"),
    Column("state", Text),
    _time("resolved_at"),
)
