"""What is left of somebody who was erased is found."""

import pytest

from auditor import audit, privacy
from services.auditor.tests.near import LocalQueries
from shared.ids import new_id


@pytest.fixture(scope="module")
def queries():
    made = LocalQueries()
    yield made
    made.close()


def look(queries):
    return audit.audit(privacy.CHECKS, queries, pause=lambda: None)


def test_somebody_of_whom_nothing_is_left_is_no_finding(queries):
    for name in privacy.SERVICES:
        queries[name].run("INSERT INTO erased_person VALUES (:id, now())", id=new_id())
    report = look(queries)
    assert report.findings == []


def test_what_a_service_still_holds_is_found_and_said_what_to_do(queries):
    person = new_id()
    queries["payments"].run("INSERT INTO erased_person VALUES (:id, now())", id=person)
    answer = (
        "INSERT INTO idempotency (caller, operation, key, request, answer) VALUES (:id, 'o', 'k', 'r', '\\x0101')"
    )
    queries["payments"].run(answer, id=str(person))
    (finding,) = look(queries).findings
    assert (finding.check, finding.about) == ("privacy.erased", f"person {person}")
    assert "payments has 1 rows" in finding.detail
