"""What the auditor goes by: when each row was last changed, and up to when it has proven each of its checks."""

from collections.abc import Mapping
from typing import Any

# What is archived has been proven before. `now()` is when the transaction began.
TABLES = """
CREATE TABLE proven (
    check_name text PRIMARY KEY,
    upto       timestamptz NOT NULL
);

CREATE FUNCTION note_modification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.modified_at := now();
    RETURN NEW;
END $$;
"""
# A trigger, so that no statement forgets it, one typed by hand included.
TRACKED = """
CREATE INDEX {table}_by_modification ON {table} (modified_at, {key});
CREATE TRIGGER note_modification BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION note_modification();
"""


def create(op: Any) -> None:
    """Make the table and the trigger's function; `op` is alembic's operations module."""
    op.execute(TABLES)


def track(op: Any, tables: Mapping[str, str]) -> None:
    """Have these tables, each with its key, note in their column `modified_at` when a row changes."""
    for table, key in tables.items():
        op.execute(TRACKED.format(table=table, key=key))


def drop(op: Any) -> None:
    """Take them away again; the tables that note their changes are gone already."""
    op.execute("DROP TABLE proven")
    op.execute("DROP FUNCTION note_modification")
