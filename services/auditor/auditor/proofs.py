"""What has been proven, kept over passes and restarts in a file of the auditor's own.

Losing the file loses nothing but time: the next pass looks at everything.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from auditor.checks import Json
from shared import observe

TABLE = "CREATE TABLE IF NOT EXISTS proof (name TEXT PRIMARY KEY, document TEXT NOT NULL)"
PUT = "INSERT INTO proof VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET document = excluded.document"
GET = "SELECT document FROM proof WHERE name = ?"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A check that looked: all that changed before `upto` holds, but for the keys that are `open`.

    `upto` and `databases` are by service. `memory` is what the check itself remembers.
    """

    upto: dict[str, str]
    databases: dict[str, str]
    full_at: str
    open: list[str] = field(default_factory=list)
    memory: Json = field(default_factory=dict)

    def age(self) -> timedelta:
        """How long ago everything was looked at."""
        return datetime.now(UTC) - datetime.fromisoformat(self.full_at)


class Proofs(Protocol):
    """Where proofs are kept."""

    def get(self, name: str) -> Proof | None: ...
    def put(self, name: str, proof: Proof) -> None: ...


class Kept:
    """A file, which several auditors may share: what either has proven holds. One that is broken knows nothing."""

    def __init__(self, path: str) -> None:
        self._path = path

    def get(self, name: str) -> Proof | None:
        try:
            with self._open() as database:
                row = database.execute(GET, (name,)).fetchone()
            return Proof(**json.loads(row[0])) if row else None
        except (sqlite3.Error, ValueError, TypeError) as failure:
            observe.log.warning("cannot read what was proven", check=name, error=repr(failure))
            return None

    def put(self, name: str, proof: Proof) -> None:
        try:
            with self._open() as database:
                database.execute(PUT, (name, json.dumps(asdict(proof))))
        except sqlite3.Error as failure:
            observe.log.warning("cannot keep what was proven", check=name, error=repr(failure))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as database, database:
            database.execute(TABLE)
            yield database
