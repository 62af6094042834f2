"""Columns become personal: what stands in them is encrypted. And the table of those who were erased."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from shared.personal import keys, sealing

ERASED_PERSON = """
CREATE TABLE erased_person (
    user_id   uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL
)
"""
Columns = Mapping[str, tuple[str, ...]]


def encrypt(op: Any, columns: Columns) -> None:
    """Make these columns of each table, texts or JSON, personal. Rows need the keys; empty tables need none."""
    for table, names in columns.items():
        for name in names:
            _convert(op, table, name, "bytea", _sealed)


def decrypt(op: Any, columns: Columns, kind: str = "text") -> None:
    """Make texts, or what else is said, of personal columns; what was erased is an empty text."""
    for table, names in columns.items():
        for name in names:
            _convert(op, table, name, kind, _unsealed)


def create_erased(op: Any) -> None:
    """Make the table of those who were erased."""
    op.execute(ERASED_PERSON)


def drop_erased(op: Any) -> None:
    """Take it away again."""
    op.execute("DROP TABLE erased_person")


def _convert(op: Any, table: str, name: str, kind: str, change: Any) -> None:
    """Rewrite a column as another one of its name and nullability."""
    connection = op.get_bind()
    nullable = connection.execute(
        sa.text(
            "SELECT is_nullable FROM information_schema.columns WHERE table_name = :t AND column_name = :c"
            " AND table_schema = current_schema()"
        ),
        {"t": table, "c": name},
    ).scalar_one()
    op.execute(f"ALTER TABLE {table} ADD COLUMN {name}_new {kind}")
    found = sa.text(f"SELECT ctid::text AS at, {name} AS value FROM {table} WHERE {name} IS NOT NULL")  # noqa: S608
    for row in connection.execute(found).mappings().all():
        value = {"value": change(row["value"], f"{table}.{name}"), "at": row["at"]}
        store = f"UPDATE {table} SET {name}_new = CAST(:value AS {kind}) WHERE ctid = CAST(:at AS tid)"  # noqa: S608
        connection.execute(sa.text(store), value)
    op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {name}_new TO {name}")
    if nullable == "NO":
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL")


def _sealed(value: Any, place: str) -> bytes:
    plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return sealing.seal(keys.ring(), plain.encode(), place)


def _unsealed(value: Any, place: str) -> str:
    stored = bytes(value)
    return "" if stored == sealing.ERASED else sealing.unseal(keys.ring(), stored, place).decode()
