"""Test databases: a service's migrations run once in a template database, every test gets a copy."""

import fcntl
import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

import shared
from shared import migrate
from shared.db import Database, OpenWork, Work

ROOT = Path(__file__).parents[3]


@cache
def _servers() -> Any:
    from local.servers import ensure  # noqa: PLC0415 - exists in a checkout, not in an installed package

    return ensure(ROOT / ".run" / "test", durable=False)


def admin_url() -> str:
    """The superuser URL of the tests' PostgreSQL, which is started if it is not running."""
    return str(_servers().postgres_url)


def leave_servers() -> None:
    """Release the servers after the last test; they stop when no other process uses them."""
    if _servers.cache_info().currsize:
        if _admin.cache_info().currsize:
            _admin().dispose()
        _admin.cache_clear()
        _servers().stop()
        _servers.cache_clear()


def fresh_database(service: str) -> str:
    """Create an empty database with the service's migrations applied; returns its URL."""
    name = f"test_{service}_{secrets.token_hex(5)}"
    _run(f'CREATE DATABASE "{name}" TEMPLATE "{template(service)}" {_strategy()}')
    return _address(name)


@cache
def _strategy() -> str:
    """Copying files is faster than the default of PostgreSQL 15 and later, which logs every block to WAL."""
    with _admin().connect() as connection:
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    return "STRATEGY FILE_COPY" if version >= 150_000 else ""


def create_database(name: str) -> str:
    """Create a database without tables; returns its URL."""
    _run(f'CREATE DATABASE "{name}"')
    return _address(name)


def drop_database(url: str) -> None:
    """Drop a test database, ending all connections to it."""
    _run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')


@cache
def template(service: str) -> str:
    """The name of the template database, created if necessary; it contains a digest of the migrations."""
    name = f"template_{service}_{_fingerprint(service)}"
    with _one_at_a_time(name):
        if not _exists(name):
            _make_template(service, name)
    return name


def service_fixtures(service: str, work_class: type[Work]) -> tuple[Any, Any]:
    """Two pytest fixtures for a service's conftest: `database_url`, new for every test, and its `open_work`."""

    @pytest.fixture
    def database_url() -> Iterator[str]:
        url = fresh_database(service)
        yield url
        drop_database(url)

    @pytest.fixture
    def open_work(database_url: str) -> Iterator[OpenWork[Any]]:
        factory = Database.standalone(service, work_class, database_url)
        yield factory
        factory.engine.dispose()

    return database_url, open_work


def _make_template(service: str, name: str) -> None:
    unfinished = f"{name}_{secrets.token_hex(3)}"
    migrate.upgrade(service, create_database(unfinished))
    _run(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def _fingerprint(service: str) -> str:
    """A digest of the migrations: the revisions and the sources of the tables that they create."""
    folder = migrate.folder(service)
    sources = [
        *folder.glob("*.py"),
        *folder.glob("*/*.sql"),
        *Path(shared.__file__).parent.glob("migrations/*.py"),
    ]
    digest = hashlib.sha256()
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    with Path(tempfile.gettempdir(), f"jishi_{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def _admin() -> Engine:
    return create_engine(
        make_url(admin_url()).set(drivername="postgresql+psycopg2"),
        pool_pre_ping=True,
        isolation_level="AUTOCOMMIT",
    )


def _run(statement: str) -> None:
    with _admin().connect() as connection:
        connection.execute(text(statement))


def _exists(name: str) -> bool:
    with _admin().connect() as connection:
        return bool(connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :n"), {"n": name}).scalar())


def _address(database: str) -> str:
    url = make_url(admin_url()).set(drivername="postgresql+psycopg2", database=database)
    return url.render_as_string(hide_password=False)
