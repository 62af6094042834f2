"""Every table has a retention rule, and old rows are found by an index."""

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from local import retention_table
from local.system import SERVICES
from shared import topology
from shared.retention import Purge
from shared.testing import fresh_database
from shared.testing.databases import drop_database

ROOT = Path(__file__).parents[2]


def rules(service):
    return topology.service_class(service).retention.rules


@pytest.fixture(params=SERVICES)
def database(request):
    """The name of a service, and a connection to its empty database."""
    url = fresh_database(request.param)
    engine = create_engine(url)
    with engine.connect() as connection:
        yield request.param, connection
    engine.dispose()
    drop_database(url)


def test_old_rows_are_found_by_an_index_without_a_scan_or_sort(database):
    service, connection = database
    for costly in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
        connection.execute(text(f"SET enable_{costly} = off"))
    purges = [rule for rule in rules(service).values() if isinstance(rule, Purge)]
    for rule in purges:
        explained = text(f"EXPLAIN {rule.search}")
        found = connection.execute(explained, {"age": rule.age, "most": rule.most}).scalars().all()
        plan = "\n".join(found)
        assert not re.search(r"Seq Scan|Sort", plan), f"{service}.{rule.table}:\n{plan}"
        assert f"on {rule.table}" in plan
        assert re.search(rf"Index Cond: \(+{rule.since} <", plan), f"{service}.{rule.table}:\n{plan}"


def test_every_table_has_a_retention_rule(database):
    service, connection = database
    found = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    assert set(connection.execute(text(found)).scalars()) == set(rules(service)), (
        f"services/{service}/…/retention.py"
    )


def test_the_page_is_up_to_date():
    assert retention_table.PAGE.read_text() == retention_table.page(), "make docs"


def test_every_setting_of_a_rule_is_documented():
    page = (ROOT / "docs" / "running.md").read_text()
    named = {
        rule.setting for s in SERVICES for rule in rules(s).values() if isinstance(rule, Purge) and rule.setting
    }
    assert {name for name in named if f"`{name}`" not in page} == set()
