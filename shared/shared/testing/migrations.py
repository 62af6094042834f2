"""Runs a service's migrations revision by revision, for tests of a migration on existing rows."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, NullPool, create_engine

from shared import migrate
from shared.testing.databases import create_database, drop_database


class Steps:
    """A database of a service that can be upgraded and downgraded by revision."""

    def __init__(self, service: str, engine: Engine) -> None:
        self.service, self.engine = service, engine
        folder = str(migrate.folder(service))
        self.script = ScriptDirectory(folder, version_locations=[folder])
        self.revisions = [each.revision for each in self.script.walk_revisions()][::-1]

    def up(self, to: str = "heads") -> None:
        """Upgrade to this revision."""
        self._run(lambda now, _context: self.script._upgrade_revs(to, now))  # noqa: SLF001

    def down(self, to: str = "base") -> None:
        """Downgrade to this revision."""
        self._run(lambda now, _context: self.script._downgrade_revs(to, now))  # noqa: SLF001

    def _run(self, steps: Callable[..., Any]) -> None:
        with self.engine.begin() as connection:
            context = MigrationContext.configure(connection, opts={"fn": steps})
            with Operations.context(context):
                context.run_migrations()


@contextmanager
def steps(service: str) -> Iterator[Steps]:
    """An empty, unmigrated database of this service, dropped at the end of the block."""
    url = create_database(f"test_{service}_{secrets.token_hex(5)}")
    try:
        yield Steps(service, create_engine(url, poolclass=NullPool))
    finally:
        drop_database(url)
