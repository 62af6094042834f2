"""What an operation costs besides CPU: transactions, statements, fsyncs and messages, counted by the servers."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from local.postgres import Postgres
from local.running import RunningSystem
from local.servers import Servers

COMMITS = "SELECT datname, xact_commit FROM pg_stat_database WHERE datname = ANY(:names)"
STATEMENTS = """
    SELECT datname, sum(calls)::bigint FROM pg_stat_statements JOIN pg_database ON oid = dbid
    WHERE datname = ANY(:names) GROUP BY datname
"""
FSYNCS = "SELECT wal_sync FROM pg_stat_wal"
SENT = "SELECT count(*) FROM outbox WHERE sent_at >= :since"
LIBRARY = "pg_stat_statements"
# The log of the quorum queues is synced once per batch; classic queues of RPC calls are not synced at all.
BROKER = """
    Known = maps:values(rabbit_global_counters:overview()),
    Sum = fun(Name) -> lists:sum([maps:get(Name, Counts, 0) || Counts <- Known]) end,
    {Sum(messages_received_total), Sum(messages_delivered_total),
     maps:get(batches, maps:get(ra_log_wal, ra_counters:overview(), #{}), 0)}
"""
Counts = dict[str, dict[str, float]]


@dataclass
class Costs:
    """Reads the counters of PostgreSQL and RabbitMQ."""

    up: RunningSystem
    servers: Servers

    def __post_init__(self) -> None:
        url = sa.make_url(self.servers.postgres_url).set(drivername="postgresql+psycopg2")
        self._server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        self._services = {sa.make_url(url).database: name for name, url in self.up.site.databases.items()}

    def during(self, load: Callable[[], int]) -> Counts:
        """The counts for each operation of this load, which returns how many it did."""
        before, since = self._counted(), time.time()
        done = max(load(), 1)
        spent = self._counted()
        spent.subtract(before)
        spent.update({("messages", name): sent for name, sent in self._sent(since)})
        found: Counts = {}
        for (kind, of), number in sorted(spent.items()):
            found.setdefault(kind, {})[of] = round(number / done, 2)
        return {kind: {"all": round(sum(by.values()), 2), **by} for kind, by in found.items()}

    def analyse(self) -> None:
        """Give a young system the statistics that autovacuum gathers within a minute."""
        for url in self.up.site.databases.values():
            engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
            with engine.connect() as connection:
                connection.execute(sa.text("ANALYZE"))

    def _counted(self) -> Counter[tuple[str, str]]:
        names = {"names": list(self._services)}
        with self._server.connect() as connection:
            found = Counter(
                {("transactions", self._services[name]): n for name, n in _pairs(connection, COMMITS, names)}
            )
            if _is_counting(connection):
                found.update(
                    {("statements", self._services[name]): n for name, n in _pairs(connection, STATEMENTS, names)}
                )
            found["fsyncs", "postgres"] = connection.execute(sa.text(FSYNCS)).scalar_one()
        return found + self._of_broker()

    def _of_broker(self) -> Counter[tuple[str, str]]:
        try:
            received, delivered, synced = map(int, re.findall(r"\d+", self.servers.evaluate(BROKER)))
        except RuntimeError:  # an external broker
            return Counter()
        return Counter(
            {
                ("broker", "received"): received,
                ("broker", "delivered"): delivered,
                ("fsyncs", "rabbitmq"): synced,
            }
        )

    def _sent(self, since: float) -> Iterator[tuple[str, int]]:
        """Rows of each outbox that were sent since then."""
        for name, url in self.up.site.databases.items():
            engine = sa.create_engine(url, poolclass=sa.NullPool)
            with engine.connect() as connection:
                at = sa.func.to_timestamp(since)
                yield (
                    name,
                    connection.execute(
                        sa.text(SENT).bindparams(since=connection.scalar(sa.select(at)))
                    ).scalar_one(),
                )


def count_statements(servers: Servers) -> None:
    """Load PostgreSQL's counter of statements into a server of our own; it stays loaded at later starts."""
    server = next((each for each in servers.own() if isinstance(each, Postgres)), None)
    if server is None:
        return
    engine = sa.create_engine(
        sa.make_url(servers.postgres_url).set(drivername="postgresql+psycopg2"),
        isolation_level="AUTOCOMMIT",
        poolclass=sa.NullPool,
    )
    with engine.connect() as connection:
        available = sa.text("SELECT count(*) FROM pg_available_extensions WHERE name = :name")
        if _is_counting(connection) or not connection.execute(available, {"name": LIBRARY}).scalar():
            return
        connection.execute(sa.text(f"ALTER SYSTEM SET shared_preload_libraries = '{LIBRARY}'"))
    server.stop()
    server.start()
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE EXTENSION IF NOT EXISTS {LIBRARY}"))


def _is_counting(connection: sa.Connection) -> bool:
    loaded = (
        "SELECT 1 FROM pg_extension WHERE extname = :name AND current_setting('shared_preload_libraries') = :name"
    )
    return bool(connection.execute(sa.text(loaded), {"name": LIBRARY}).scalar())


def _pairs(connection: sa.Connection, statement: str, parameters: dict[str, list[str]]) -> list[tuple[str, int]]:
    return [(name, int(number)) for name, number in connection.execute(sa.text(statement), parameters)]
