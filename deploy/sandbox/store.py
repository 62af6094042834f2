"""The provider's state in one SQLite file."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sandbox.trades import Refund, Transaction

SCHEMA = """
CREATE TABLE IF NOT EXISTS transactions (
    out_trade_no TEXT PRIMARY KEY, code_url TEXT NOT NULL UNIQUE, transaction_id TEXT UNIQUE,
    record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refunds (
    out_refund_no TEXT PRIMARY KEY, out_trade_no TEXT NOT NULL, due_at REAL, record TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS refunds_of ON refunds (out_trade_no);
CREATE INDEX IF NOT EXISTS refunds_due ON refunds (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS notifications (
    id TEXT PRIMARY KEY, position INTEGER NOT NULL, out_trade_no TEXT NOT NULL, event_type TEXT NOT NULL,
    url TEXT NOT NULL, body TEXT NOT NULL, attempts INTEGER NOT NULL, due_at REAL, last_answer TEXT);
CREATE INDEX IF NOT EXISTS notifications_of ON notifications (out_trade_no);
CREATE INDEX IF NOT EXISTS notifications_due ON notifications (due_at) WHERE due_at IS NOT NULL;
"""
# The conditions are those of the indexes: without them all rows are read.
NEXT_DUE = """
    SELECT min(due_at) FROM (
        SELECT min(due_at) AS due_at FROM refunds WHERE due_at IS NOT NULL
        UNION ALL SELECT min(due_at) FROM notifications WHERE due_at IS NOT NULL)
"""


@dataclass(frozen=True, kw_only=True)
class Notification:
    """A notification, to be sent at `due_at` (epoch seconds); None: not to be sent."""

    id: str
    position: int
    out_trade_no: str
    event_type: str
    url: str
    body: str
    attempts: int = 0
    due_at: float | None = None
    last_answer: str | None = None


class Store:
    """Transactions, refunds and notifications. Every change is one SQLite transaction."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        # A crash of this process loses nothing; one of the machine could, which is acceptable for a sandbox.
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + SCHEMA)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Commit all writes of the block, or none if it raises."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def transaction(self, column: str, value: str) -> Transaction | None:
        """Return the transaction whose `out_trade_no`, `transaction_id` or `code_url` is `value`."""
        found = self._records(f"SELECT record FROM transactions WHERE {column} = ?", value)  # noqa: S608
        return Transaction(**found[0]) if found else None

    def transactions(self, limit: int) -> list[Transaction]:
        """Return the newest transactions first."""
        query = "SELECT record FROM transactions ORDER BY rowid DESC LIMIT ?"
        return [Transaction(**record) for record in self._records(query, limit)]

    def put_transaction(self, trade: Transaction) -> None:
        self._db.execute(
            "INSERT INTO transactions VALUES (?, ?, ?, ?) ON CONFLICT (out_trade_no) DO UPDATE"
            " SET transaction_id = excluded.transaction_id, record = excluded.record",
            (trade.out_trade_no, trade.code_url, trade.transaction_id, json.dumps(vars(trade))),
        )

    def refund(self, out_refund_no: str) -> Refund | None:
        found = self._records("SELECT record FROM refunds WHERE out_refund_no = ?", out_refund_no)
        return Refund(**found[0]) if found else None

    def refunds_of(self, out_trade_no: str) -> list[Refund]:
        query = "SELECT record FROM refunds WHERE out_trade_no = ? ORDER BY rowid"
        return [Refund(**record) for record in self._records(query, out_trade_no)]

    def refunds_due(self, now: float) -> list[Refund]:
        query = "SELECT record FROM refunds WHERE due_at <= ? ORDER BY due_at"
        return [Refund(**record) for record in self._records(query, now)]

    def put_refund(self, refund: Refund) -> None:
        self._db.execute(
            "INSERT INTO refunds VALUES (?, ?, ?, ?) ON CONFLICT (out_refund_no) DO UPDATE"
            " SET due_at = excluded.due_at, record = excluded.record",
            (refund.out_refund_no, refund.out_trade_no, refund.due_at, json.dumps(vars(refund))),
        )

    def notifications_of(self, out_trade_no: str) -> list[Notification]:
        """Return a transaction's notifications in the order of their events."""
        query = "SELECT * FROM notifications WHERE out_trade_no = ? ORDER BY position"
        return [Notification(**row) for row in self._db.execute(query, (out_trade_no,))]

    def notifications_due(self, now: float) -> list[Notification]:
        query = "SELECT * FROM notifications WHERE due_at <= ? ORDER BY due_at, position LIMIT 50"
        return [Notification(**row) for row in self._db.execute(query, (now,))]

    def put_notification(self, notification: Notification) -> None:
        names = vars(notification)
        marks = ", ".join(f":{name}" for name in names)
        self._db.execute(f"INSERT OR REPLACE INTO notifications ({', '.join(names)}) VALUES ({marks})", names)  # noqa: S608

    def next_due(self) -> float | None:
        """Return when the next refund is completed or the next notification is sent (epoch seconds)."""
        (due,) = self._db.execute(NEXT_DUE).fetchone()
        return None if due is None else float(due)

    def _records(self, query: str, *values: Any) -> list[dict[str, Any]]:
        return [json.loads(row["record"]) for row in self._db.execute(query, values)]
