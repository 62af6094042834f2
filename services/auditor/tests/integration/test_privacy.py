"""Remaining data of an erased person are found."""

import pytest

from auditor import audit, privacy
from services.auditor.tests.local_queries import LocalQueries
from shared.ids import new_id


@pytest.fixture(scope="module")
def queries():
    made = LocalQueries()
    yield made
    made.close()


def run(queries):
    return audit.audit(privacy.CHECKS, queries, pause=lambda: None)


def test_an_erased_person_without_remaining_data_is_no_finding(queries):
    for name in privacy.SERVICES:
        queries[name].run("INSERT INTO erased_person VALUES (:id, now())", id=new_id())
    report = run(queries)
    assert report.findings == []


def test_remaining_data_of_an_erased_person_are_found(queries):
    person = new_id()
    queries["payments"].run("INSERT INTO erased_person VALUES (:id, now())", id=person)
    statement = (
        "INSERT INTO idempotency (caller, operation, key, request, answer) VALUES (:id, 'o', 'k', 'r', '\\x0101')"
    )
    queries["payments"].run(statement, id=str(person))
    (finding,) = run(queries).findings
    assert (finding.check, finding.about) == ("privacy.erased", f"person {person}")
    assert "payments still has 1 rows" in finding.detail
