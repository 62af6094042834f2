"""The tables of the ledger for queries; their constraints are in the migrations."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, MetaData, Table, Text, Uuid

metadata = MetaData()


def _time(name: str) -> Column:
    return Column(name, DateTime(timezone=True))


accounts = Table(
    "ledger_accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("code", Text),
    Column("shop_id", Uuid),
    Column("provider", Text),
    Column("balance", BigInteger),
)

postings = Table(
    "ledger_postings",
    metadata,
    Column("posting_id", Uuid, primary_key=True),
    Column("kind", Text),
    Column("about", Uuid),
    Column("payment_id", Uuid),
    _time("posted_at"),
)

entries = Table(
    "ledger_entries",
    metadata,
    Column("posting_id", Uuid, ForeignKey("ledger_postings.posting_id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("account", Text, ForeignKey("ledger_accounts.name")),
    Column("currency", Text),
    Column("amount", BigInteger),
    Column("order_id", Uuid),
)
