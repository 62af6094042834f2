"""The tables of payments, as its queries name them; the migrations hold their constraints."""

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def _moment(name: str) -> Column:
    return Column(name, DateTime(timezone=True))


payments = Table(
    "payments",
    metadata,
    Column("payment_id", Uuid, primary_key=True),
    Column("checkout_id", Uuid),
    Column("buyer_id", Uuid),
    Column("method", Text),
    Column("amount", BigInteger),
    Column("currency", Text),
    Column("description", Text),
    Column("state", Text),
    Column("attempt_id", Uuid),
    Column("code_url", Text),
    Column("reason", Text),
    Column("version", Integer),
    _moment("expires_at"),
    _moment("captured_at"),
    _moment("created_at"),
)

parts = Table(
    "payment_parts",
    metadata,
    Column("payment_id", Uuid, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("shop_id", Uuid),
    Column("amount", BigInteger),
    Column("receivable", BigInteger),
    Column("captured", BigInteger),
    Column("refunded", BigInteger),
    Column("written_off", BigInteger),
)

attempts = Table(
    "attempts",
    metadata,
    Column("attempt_id", Uuid, primary_key=True),
    Column("payment_id", Uuid),
    Column("provider", Text),
    _moment("created_at"),
)

captures = Table(
    "captures",
    metadata,
    Column("capture_id", Uuid, primary_key=True),
    Column("provider", Text),
    Column("transaction_id", Text),
    Column("payment_id", Uuid),
    Column("attempt_id", Uuid),
    Column("amount", BigInteger),
    Column("currency", Text),
    Column("standing", Text),
    _moment("captured_at"),
)

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
    _moment("asked_at"),
)

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
    _moment("due_at"),
    _moment("asked_at"),
)

notifications = Table(
    "provider_notifications",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("kind", Text),
    Column("about", JSONB),
    Column("document", JSONB),
    Column("tries", Integer),
    Column("outcome", Text),
    _moment("judge_at"),
    _moment("received_at"),
)

unanswered = Table(
    "unanswered_commands",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("requester", Text),
    Column("kind", Text),
    Column("payment_id", Uuid),
    Column("refund_id", Uuid),
    Column("correlation_id", Uuid),
    Column("traceparent", Text),
    _moment("asked_at"),
)

accounts = Table(
    "ledger_accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("code", Text),
    Column("shop_id", Uuid),
    Column("balance", BigInteger),
)

postings = Table(
    "ledger_postings",
    metadata,
    Column("posting_id", Uuid, primary_key=True),
    Column("kind", Text),
    Column("about", Uuid),
    Column("payment_id", Uuid),
    _moment("posted_at"),
)

entries = Table(
    "ledger_entries",
    metadata,
    Column("posting_id", Uuid, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("account", Text),
    Column("currency", Text),
    Column("amount", BigInteger),
    Column("order_id", Uuid),
)

refund_attempts = Table(
    "refund_attempts",
    metadata,
    Column("attempt_id", Uuid, primary_key=True),
    Column("refund_id", Uuid),
    Column("position", Integer),
    Column("state", Text),
    Column("word", Text),
    _moment("stalled_since"),
    _moment("unanswered_since"),
    Column("provider_number", Text),
    _moment("asked_at"),
)

hand_settlements = Table(
    "hand_settlements",
    metadata,
    Column("about", Uuid, primary_key=True),
    Column("paid_from", Text),
    Column("proof", Text),
    Column("amount", BigInteger),
    Column("currency", Text),
    Column("note", Text),
    Column("proposed_by", Text),
    _moment("proposed_at"),
    Column("confirmed_by", Text),
    _moment("confirmed_at"),
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
    _moment("happened_at"),
    _moment("booked_at"),
    Column("state", Text),
    _moment("resolved_at"),
)
