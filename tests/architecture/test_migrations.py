"""Migrations are numbered, go up and down, keep existing rows, and create the tables of the code."""

import re
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from local.system import SERVICES
from shared import migrate
from shared.testing import fresh_database
from shared.testing.databases import drop_database
from shared.testing.migrations import steps
from shared.topology import service_class

ROWS = Path(__file__).parent / "data" / "rows"  # <service>_<revision>.sql, for the tables of that revision
BY_TRIGGER = {"modified_at"}  # the auditor's (shared.migrations.auditing); only retention reads it
SCHEMA = """
    SELECT concat_ws(' ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        a.attidentity, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    UNION ALL SELECT concat_ws(' ', 'sequence', relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
    UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ORDER BY 1
"""


def schema(engine):
    with engine.connect() as connection:
        found = connection.execute(sa.text(SCHEMA)).scalars()
        return [each for each in found if "alembic_version" not in each]


@pytest.fixture(params=SERVICES)
def database(request):
    with steps(request.param) as database:
        yield database


@pytest.fixture(params=SERVICES)
def migrated(request):
    """The name of a service, and its migrated schema."""
    url = fresh_database(request.param)
    engine = sa.create_engine(url)
    yield request.param, sa.inspect(engine)
    engine.dispose()
    drop_database(url)


def tables(service):
    """The tables in the code of a service, its own and shared ones."""
    service_class(service)
    modules = [vars(module) for name, module in sys.modules.items() if name.startswith(f"{service}.")]
    return {value for names in modules for value in names.values() if isinstance(value, sa.Table)}


@pytest.mark.parametrize("service", SERVICES)
def test_revisions_are_numbered_in_the_order_in_which_they_run(service):
    names = sorted(path.stem for path in migrate.folder(service).glob("*.py"))
    assert [name for name in names if not re.fullmatch(r"\d{4}_(pre|post)_[a-z]+(_[a-z]+)*", name)] == []
    with steps(service) as database:
        chain = [(each.revision, each.down_revision) for each in database.script.walk_revisions()][::-1]
    numbers = [f"{position:04}" for position in range(1, len(names) + 1)]
    assert [name[:4] for name in names] == numbers
    assert chain == list(zip(numbers, [None, *numbers], strict=False))


def test_each_migration_is_reversible_and_repeatable(database):
    before = [schema(database.engine)]
    for revision in database.revisions:
        database.up(revision)
        before.append(schema(database.engine))
    for expected, revision in zip(before[-2::-1], [*database.revisions[-2::-1], "base"], strict=True):
        database.down(revision)
        assert schema(database.engine) == expected
    database.up()
    assert schema(database.engine) == before[-1]


def counts(engine):
    """The number of rows of each table."""
    with engine.connect() as connection:
        names = set(sa.inspect(connection).get_table_names())
        return {name: connection.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}


def fill(engine, service, revision):
    """Insert rows into the empty tables: the service's own, and those that services share."""
    with engine.begin() as connection:
        if (own := ROWS / f"{service}_{revision}.sql").exists():
            connection.exec_driver_sql(own.read_text())
    empty = {name for name, rows in counts(engine).items() if not rows}
    with engine.begin() as connection:
        shared = (ROWS / "shared.sql").read_text()
        for table, statement in re.findall(r"(?ms)^(?=INSERT INTO (\w+))(.*?;)$", shared):
            if table in empty:
                connection.exec_driver_sql(statement)


def test_each_migration_keeps_the_rows_of_every_table(database):
    before = {}
    for revision in database.revisions:
        database.up(revision)
        after = counts(database.engine)
        assert {name: rows for name, rows in before.items() if after.get(name, rows) < rows} == {}, revision
        fill(database.engine, database.service, revision)
        before = counts(database.engine)
        empty = {name for name, rows in before.items() if not rows}
        assert empty == set(), f"rows for them belong into {database.service}_{revision}.sql in {ROWS}"


def test_the_tables_of_the_code_have_the_columns_types_and_keys_of_the_database(migrated):
    service, inspector = migrated
    dialect = inspector.bind.dialect
    assert tables(service)
    for table in tables(service):
        declared = {(c.name, c.type.dialect_impl(dialect).compile(dialect).split("(")[0]) for c in table.columns}
        found = [c for c in inspector.get_columns(table.name) if c["name"] not in BY_TRIGGER]
        assert {(c["name"], c["type"].compile(dialect).split("(")[0]) for c in found} == declared, table.name
        key = inspector.get_pk_constraint(table.name)["constrained_columns"]
        assert key == [c.name for c in table.primary_key.columns] or not table.primary_key, table.name
        may_be_empty = {c["name"] for c in found if c["nullable"]}
        assert {c.name for c in table.columns if not c.nullable} & may_be_empty == set(), table.name
