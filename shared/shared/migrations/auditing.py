"""The auditor's data: when each row was last modified, and up to when each check is proven."""

from collections.abc import Mapping
from typing import Any

# Only proven rows are archived. `now()` is the start of the transaction.
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
# A trigger, so that it applies to every statement, also to manual ones.
TRACKED = """
CREATE INDEX {table}_by_modification ON {table} (modified_at, {key});
CREATE TRIGGER note_modification BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION note_modification();
"""


def create(op: Any) -> None:
    """Create the table and the trigger's function; `op` is alembic's operations module."""
    op.execute(TABLES)


def track(op: Any, tables: Mapping[str, str]) -> None:
    """Maintain the column `modified_at` of these tables, given with their keys, by triggers."""
    for table, key in tables.items():
        op.execute(TRACKED.format(table=table, key=key))


def drop(op: Any) -> None:
    """Drop them. The tracked tables must be dropped before."""
    op.execute("DROP TABLE proven")
    op.execute("DROP FUNCTION note_modification")
