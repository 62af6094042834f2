"""`python -m shared.personal.rotate SERVICE`: re-encrypt values of earlier keys with the current key.

Each batch of rows is a transaction of its own. It can be stopped at any time and started again: values of the
current key are skipped. After it has ended without an error, no value in this database needs another key; backups
still do.
"""

import sys
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from shared import topology
from shared.engine import engine
from shared.personal import keys, personal_columns, personal_of, sealing

BATCH = 500  # rows


def rotate(database: sa.Engine, tables: Sequence[sa.Table], batch: int = BATCH) -> int:
    """Re-encrypt the personal columns of these tables where needed; returns the number of updated rows."""
    return sum(_rotate_table(database, table, batch) for table in tables)


def tables_in(database: sa.Engine) -> list[sa.Table]:
    """The imported tables with personal columns that exist in this database."""
    existing = set(sa.inspect(database).get_table_names())
    found = {column.table.name: column.table for column in personal_columns()}
    return [table for name, table in sorted(found.items()) if name in existing]


def _rotate_table(database: sa.Engine, table: sa.Table, batch: int) -> int:
    updated, after = 0, None
    while True:
        with database.begin() as connection:
            rows = connection.execute(_stale(table, after, batch)).mappings().all()
            for row in rows:
                connection.execute(_reencrypted(table, row))
        updated += len(rows)
        if len(rows) < batch:
            return updated
        after = tuple(rows[-1][column.name] for column in table.primary_key)


def _stale(table: sa.Table, after: tuple[Any, ...] | None, batch: int) -> sa.Select[Any]:
    """Select and lock the next rows, by primary key, with a value of another key."""
    key, values = list(table.primary_key), personal_of(table)
    current = sealing.header(keys.ring())
    old = [sa.and_(_raw(c) != sealing.ERASED, sa.func.substr(_raw(c), 1, len(current)) != current) for c in values]
    found = sa.select(*key, *(_raw(c).label(c.name) for c in values)).where(sa.or_(*old))
    if after is not None:
        found = found.where(
            sa.tuple_(*key) > sa.tuple_(*(sa.literal(v, c.type) for v, c in zip(after, key, strict=True)))
        )
    return found.order_by(*key).limit(batch).with_for_update()


def _reencrypted(table: sa.Table, row: Any) -> sa.Update:
    ring = keys.ring()
    changed = {
        column.name: sealing.seal(ring, sealing.unseal(ring, row[column.name], place), place)
        for column in personal_of(table)
        if row[column.name] not in (None, sealing.ERASED)
        for place in (f"{table.name}.{column.name}",)
    }
    own = [column == row[column.name] for column in table.primary_key]
    values = {name: sa.type_coerce(value, sa.LargeBinary) for name, value in changed.items()}
    return sa.update(table).where(*own).values(values)


def _raw(column: sa.Column[Any]) -> Any:
    return sa.type_coerce(column, sa.LargeBinary)


def main(service: str) -> None:
    """Rotate one service's database."""
    topology.service_class(service)
    database = engine(service)
    sys.stdout.write(f"{rotate(database, tables_in(database))} rows re-encrypted\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
