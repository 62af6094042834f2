"""One database and one role for each service, so that none can read the data of another."""

import contextlib
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection

from local import secret_files
from local.servers import Servers


def create(servers: Servers, names: Iterable[str]) -> dict[str, str]:
    """Create the missing databases and roles; returns the SQLAlchemy URL of each database by its name."""
    server = urlsplit(servers.postgres_url)
    with _administrator(servers) as admin:
        passwords = {name: secret_files.secret(servers.run_dir, f"database_{name}") for name in names}
        for name, password in passwords.items():
            _create(admin, name, password)
    place = f"{server.hostname}:{server.port or 5432}"
    return {
        name: f"postgresql+psycopg2://{name}:{password}@{place}/{name}" for name, password in passwords.items()
    }


def drop(servers: Servers, names: Iterable[str]) -> None:
    """Drop databases and their roles, ending open sessions."""
    with _administrator(servers) as admin, admin.cursor() as cursor:
        for name in names:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))
            secret_files.path(servers.run_dir, f"database_{name}").unlink(missing_ok=True)


def _create(admin: connection, name: str, password: str) -> None:
    identifier = sql.Identifier(name)
    with admin.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(identifier))
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(identifier, sql.Literal(password)))
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(identifier, identifier))
            cursor.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(identifier))


@contextlib.contextmanager
def _administrator(servers: Servers) -> Iterator[connection]:
    """A connection with autocommit: databases cannot be created in transactions."""
    admin = psycopg2.connect(servers.postgres_url)
    admin.autocommit = True
    try:
        yield admin
    finally:
        admin.close()
