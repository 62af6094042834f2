"""When each row was last changed: what the auditor goes by to look only at what is new."""

from typing import Any

FUNCTION = """
CREATE FUNCTION note_modification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.modified_at := now();
    RETURN NEW;
END $$
"""
# A trigger, so that no statement forgets it, one typed by hand included. `now()` is when the transaction began.
TRACKED = """
ALTER TABLE {table} ADD COLUMN modified_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX {table}_by_modification ON {table} (modified_at, {key});
CREATE TRIGGER note_modification BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION note_modification();
"""


def create(op: Any, tables: dict[str, str]) -> None:
    """Have these tables, each with its key, note when their rows change; `op` is alembic's operations module."""
    op.execute(FUNCTION)
    track(op, tables)


def track(op: Any, tables: dict[str, str]) -> None:
    """The same for more tables of a database that does so already."""
    for table, key in tables.items():
        op.execute(TRACKED.format(table=table, key=key))


def drop(op: Any, tables: dict[str, str]) -> None:
    """Take it away again."""
    for table in tables:
        op.execute(f"DROP TRIGGER note_modification ON {table}")
        op.execute(f"ALTER TABLE {table} DROP COLUMN modified_at")
    op.execute("DROP FUNCTION note_modification")
