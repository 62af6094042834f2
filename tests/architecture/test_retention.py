"""Every purge of every service finds what it removes by an index, the oldest first, however large its table is."""

import importlib
import re

import pytest
from sqlalchemy import create_engine, text

from local.system import SERVICES
from shared.retention import Purge
from shared.testing import fresh_database
from shared.testing.databases import drop_database


def rules(service):
    module = importlib.import_module(f"{service}.service")
    shell = next(c for c in vars(module).values() if isinstance(c, type) and getattr(c, "name", None) == service)
    return shell.retention.rules


@pytest.fixture(params=SERVICES)
def database(request):
    """The name of a service, and a connection to its empty database."""
    url = fresh_database(request.param)
    engine = create_engine(url)
    with engine.connect() as connection:
        yield request.param, connection
    engine.dispose()
    drop_database(url)


def test_old_rows_are_found_by_an_index_and_not_by_reading_or_sorting_the_table(database):
    service, connection = database
    for costly in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
        connection.execute(text(f"SET enable_{costly} = off"))
    purges = [rule for rule in rules(service).values() if isinstance(rule, Purge)]
    for rule in purges:
        explained = text(f"EXPLAIN {rule.statement}")
        found = connection.execute(explained, {"age": rule.age, "most": rule.most}).scalars().all()
        plan = "\n".join(found)
        assert not re.search(r"Seq Scan|Sort", plan), f"{service}.{rule.table}:\n{plan}"
        assert f"on {rule.table}" in plan
        assert re.search(rf"Index Cond: \({rule.since} <", plan), f"{service}.{rule.table}:\n{plan}"
