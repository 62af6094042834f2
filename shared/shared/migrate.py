"""Migrates a service's database to the newest revision: `python -m shared.migrate catalog`.

Revisions are in the service's `migrations` folder, beside its package. One process migrates at a time; concurrent
ones wait, and then have nothing to do.
"""

import importlib.util
import sys
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from shared import settings

LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('jishi migrations', 0))")


def folder(service: str) -> Path:
    """The folder with the revisions of a service, found from its package's location."""
    package = importlib.util.find_spec(service)
    if package is None or not package.submodule_search_locations:
        raise LookupError(f"service {service!r} does not exist")
    return Path(next(iter(package.submodule_search_locations))).parent / "migrations"


def upgrade(service: str, url: str | None = None) -> None:
    """Run all missing revisions in one transaction, so that a failed migration changes nothing."""
    script = ScriptDirectory(str(folder(service)), version_locations=[str(folder(service))])
    engine = create_engine(url or settings.text("DATABASE_URL"), poolclass=NullPool)
    with engine.begin() as connection:
        if not _is_current(connection, script):
            connection.execute(LOCK)
            _upgrade(connection, script)


def _is_current(connection: Connection, script: ScriptDirectory) -> bool:
    return set(MigrationContext.configure(connection).get_current_heads()) == set(script.get_heads())


def _upgrade(connection: Connection, script: ScriptDirectory) -> None:
    context = MigrationContext.configure(
        connection,
        opts={"fn": lambda rev, _context: script._upgrade_revs("heads", rev)},  # noqa: SLF001
    )
    with Operations.context(context):
        context.run_migrations()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        upgrade(name)
