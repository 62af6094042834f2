"""What has been proven, stored in a file across audits and restarts.

Losing the file costs only time: the next audit checks everything.
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
    """The invariant holds for all that changed before `upto`, except for the keys `open`.

    `upto` and `databases` are by service. `memory` is the check's own state.
    """

    upto: dict[str, str]
    databases: dict[str, str]
    full_at: str
    open: list[str] = field(default_factory=list)
    memory: Json = field(default_factory=dict)

    def age(self) -> timedelta:
        """The time since the last full audit."""
        return datetime.now(UTC) - datetime.fromisoformat(self.full_at)


class Proofs(Protocol):
    """A store of proofs."""

    def get(self, name: str) -> Proof | None: ...
    def put(self, name: str, proof: Proof) -> None: ...


class ProofFile:
    """An SQLite file, which several auditors may share. One that cannot be read counts as empty."""

    def __init__(self, path: str) -> None:
        self._path = path

    def get(self, name: str) -> Proof | None:
        try:
            with self._open() as database:
                row = database.execute(GET, (name,)).fetchone()
            return Proof(**json.loads(row[0])) if row else None
        except (sqlite3.Error, ValueError, TypeError) as failure:
            observe.log.warning("cannot read the proof", check=name, error=repr(failure))
            return None

    def put(self, name: str, proof: Proof) -> None:
        try:
            with self._open() as database:
                database.execute(PUT, (name, json.dumps(asdict(proof))))
        except sqlite3.Error as failure:
            observe.log.warning("cannot store the proof", check=name, error=repr(failure))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as database, database:
            database.execute(TABLE)
            yield database
