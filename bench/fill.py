"""Fills the running, settled system: old orders, sent messages and products, as copies of what it has."""

import contextlib
import json
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from typing import Any, TypeVar

import sqlalchemy as sa

from bench import filling
from bench.copies import DAY, Copies, Table
from bench.ground import Ground
from local.running import RunningSystem
from local.servers import Servers

ORDERS_AGE = (31 * DAY, 360 * DAY)  # messages to shoppers are kept for a year
MESSAGES_AGE = (0.5 * DAY, 6.5 * DAY)  # sent messages and answers are kept for 7 days
PRODUCTS_AGE = (1 * DAY, 360 * DAY)
MOST_ORIGINALS = 2000  # purchases
ROOM = 20_000_000  # positions of outboxes that are left for copies
# Purchases of which nothing has changed since.
ORIGINALS = """
    SELECT checkout_id, created_at, modified_at FROM checkout
    WHERE method = 'wechat' AND state = 'confirmed'
    AND checkout_id NOT IN (SELECT checkout_id FROM orders WHERE state <> 'confirmed')
    ORDER BY checkout_id LIMIT :most
"""
SPREAD = """
    SELECT product_id FROM product WHERE shop_id = :shop_id AND handle LIKE 'bench-%' AND shelf = 'on_shelf'
    ORDER BY md5(product_id::text) LIMIT :count
"""
FIRST_SKUS = """
    SELECT DISTINCT ON (product_id) sku_id FROM sku
    WHERE product_id = ANY(:products) ORDER BY product_id, position
"""
Plan = Mapping[str, Sequence[Table]]
Rows = list[tuple[Any, ...]]
T, R = TypeVar("T"), TypeVar("R")


@dataclass(frozen=True)
class Size:
    """How much there is to be in all, at least."""

    orders: int = 1_000_000
    sent: int = 5_000_000
    products: int = 100_000


def make_room(up: RunningSystem) -> None:
    """Let the outboxes of a new system continue at a high position, so that copies come before what it sends."""
    for url in up.site.databases.values():
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.execute(sa.text(f"SELECT setval('outbox_position_seq', {ROOM})"))
        engine.dispose()


def fill(ground: Ground, size: Size) -> dict[str, float]:
    """Fill the settled system, and spread the loads over all its products; returns sizes and durations."""
    filler = Filler(ground.up, ground.servers)
    found: dict[str, float] = {}
    with filler.undisturbed():
        for name, add in (
            ("products", lambda: filler.add_products(ground.shop_id, ground.products, size.products)),
            ("orders", lambda: filler.add_purchases(size.orders)),
            ("sent", lambda: filler.add_messages(size.sent)),
        ):
            began = time.monotonic()
            found[name] = add()
            found[f"{name}_s"] = round(time.monotonic() - began, 1)
        began = time.monotonic()
        filler.finish()
        found["vacuum_s"] = round(time.monotonic() - began, 1)
    ground.product_ids, ground.skus = filler.spread(ground.shop_id, ground.products)
    return found | {"database_mb": filler.megabytes()}


class Filler:
    """Copies rows as PostgreSQL's administrator: without triggers and foreign keys, all databases at once."""

    def __init__(self, up: RunningSystem, servers: Servers) -> None:
        self.up = up
        admin = sa.make_url(servers.postgres_url).set(drivername="postgresql+psycopg2")
        self._server = sa.create_engine(admin, isolation_level="AUTOCOMMIT")
        names = {service: sa.make_url(url).database for service, url in up.site.databases.items()}
        self._engines = {
            service: sa.create_engine(admin.set(database=name), poolclass=sa.NullPool)
            for service, name in names.items()
        }
        with self._engines["orders"].connect() as orders:
            self._originals = orders.execute(sa.text(ORIGINALS), {"most": MOST_ORIGINALS}).all()

    @contextlib.contextmanager
    def undisturbed(self) -> Iterator[None]:
        """While the auditor is frozen, and checkpoints are rare."""
        self.up.kill("auditor", signal.SIGSTOP)
        self._configure("SET max_wal_size = '3GB'")
        try:
            yield
        finally:
            self._configure("RESET max_wal_size")
            self.up.kill("auditor")  # started again, it continues from what the file says

    def add_products(self, shop_id: str, have: int, wanted: int) -> int:
        """Copy all products of the shop until there are as many as wanted; returns how many there are."""
        passes = max(ceil(wanted / have) - 1, 0)
        self._copy(filling.PRODUCTS, filling.AFTER_PRODUCTS, passes, PRODUCTS_AGE, {"shop_id": shop_id})
        with self._engines["catalog"].connect() as catalog:
            return int(catalog.execute(sa.text("SELECT count(*) FROM product")).scalar_one())

    def add_purchases(self, wanted: int) -> int:
        """Copy the purchases until there are as many old ones as wanted; returns how many."""
        passes = ceil(wanted / len(self._originals))
        after = self._copy(filling.PURCHASES, filling.AFTER_PURCHASES, passes, ORDERS_AGE, self._given())
        enter(self.up, after["payments"])
        return len(self._originals) * passes

    def add_messages(self, wanted: int) -> int:
        """Copy what was sent and handled for the purchases until as many as wanted were sent; returns how many."""
        sent = sum(self._count(service, filling.SENT) for service in filling.MESSAGES)
        passes = ceil(wanted / sent)
        self._copy(filling.MESSAGES, {}, passes, MESSAGES_AGE, self._given())
        return sent * passes

    def finish(self) -> None:
        """Statistics and visibility of all rows, as after a quiet night, and a checkpoint."""

        def vacuum(engine: sa.Engine) -> None:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sa.text("SET statement_timeout = 0"))
                connection.execute(sa.text("VACUUM (ANALYZE)"))

        _all(vacuum, self._engines.values())
        with self._server.connect() as connection:
            connection.execute(sa.text("CHECKPOINT"))

    def spread(self, shop_id: str, count: int) -> tuple[list[str], list[str]]:
        """So many products of all ages, and one SKU each of 200 of them."""
        with self._engines["catalog"].connect() as catalog:
            products = catalog.execute(sa.text(SPREAD), {"shop_id": shop_id, "count": count}).scalars().all()
            skus = catalog.execute(sa.text(FIRST_SKUS), {"products": products[:200]}).scalars().all()
        return [str(each) for each in products], [str(each) for each in skus]

    def megabytes(self) -> int:
        """The size of all databases."""
        with self._server.connect() as connection:
            names = [engine.url.database for engine in self._engines.values()]
            size = sa.text("SELECT sum(pg_database_size(name)) FROM unnest(CAST(:names AS text[])) AS name")
            return round(connection.execute(size, {"names": names}).scalar_one() / 2**20)

    def _copy(
        self,
        plan: Plan,
        after: Mapping[str, str],
        passes: int,
        age: tuple[float, float],
        given: Mapping[str, object],
    ) -> dict[str, Rows]:
        """Copy the tables of the plan so many times, the oldest copies first; then run a statement.

        Returns the rows of this statement by service.
        """

        def copy(service: str) -> Rows:
            with self._engines[service].begin() as connection:
                _prepare(connection)
                tables = [Copies(connection, table, given) for table in plan[service]]
                for number in range(1, passes + 1):
                    older = age[1] - (age[1] - age[0]) * (number - 1) / passes
                    for table in tables:
                        table.add(number, older, first=1000 + (number - 1) * table.count)
                if not passes or service not in after:
                    return []
                found = connection.execute(sa.text(after[service]), {"passes": passes, "seconds": age[1] + DAY})
                return list(map(tuple, found)) if found.returns_rows else []

        return dict(zip(plan, _all(copy, plan), strict=True))

    def _given(self) -> dict[str, object]:
        began, ended = self._originals[0].created_at, max(each.modified_at for each in self._originals)
        return {"checkouts": [each.checkout_id for each in self._originals], "began": began, "ended": ended}

    def _count(self, service: str, table: Table) -> int:
        counted = sa.text(f"SELECT count(*) FROM ({table.rows}) AS found")
        with self._engines[service].connect() as connection:
            return int(connection.execute(counted, self._given()).scalar_one())

    def _configure(self, setting: str) -> None:
        with self._server.connect() as connection:
            connection.execute(sa.text(f"ALTER SYSTEM {setting}"))
            connection.execute(sa.text("SELECT pg_reload_conf()"))


def enter(up: RunningSystem, entries: Rows) -> None:
    """Add copied entries to the sums that the auditor keeps, if it has any: it reads only what is newer."""
    path, check = up.site.run_dir / "audit.sqlite", "ledger.accounts"
    if not path.exists():
        return
    with contextlib.closing(sqlite3.connect(path)) as proofs, proofs:
        for (document,) in proofs.execute("SELECT document FROM proof WHERE name = ?", (check,)).fetchall():
            proof = json.loads(document)
            sums = Counter({(name, currency): amount for name, currency, amount in proof["memory"]["sums"]})
            sums.update({(name, currency): int(amount) for name, currency, amount in entries})
            proof["memory"]["sums"] = [[*account, amount] for account, amount in sums.items()]
            proofs.execute("UPDATE proof SET document = ? WHERE name = ?", (json.dumps(proof), check))


def _prepare(connection: sa.Connection) -> None:
    """No triggers and foreign keys, no wait for the disk at the end of a transaction, no limits of time."""
    for setting in (
        "session_replication_role = replica",
        "synchronous_commit = off",
        "statement_timeout = 0",
        "idle_in_transaction_session_timeout = 0",
    ):
        connection.execute(sa.text(f"SET LOCAL {setting}"))


def _all(run: Callable[[T], R], these: Iterable[T]) -> list[R]:
    """Run it for each of these at once. Raises the first failure."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(run, these))
