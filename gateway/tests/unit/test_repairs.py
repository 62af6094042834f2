"""The repair of a finding: requested and logged in users, carried out by the owning service."""

import pytest

from gateway.tests.doubles import OPERATOR, SHOPPER, bearer, problem
from shared.answers import ServiceUnavailable
from shared.errors import Conflict
from shared.ids import new_id

FINDING = str(new_id())
PATH = f"/api/v1/operator/audit/findings/{FINDING}/repair"
WHY = {"reason": "the shopper called"}
REQUEST = {"checkout_id": str(new_id()), "what": "stock"}
REQUESTED = {"method": "orders.release_orphan", "request": REQUEST, "finding": {"finding_id": FINDING}}


@pytest.fixture
def repaired(api, services):
    services.answers |= {"users.repair_finding": REQUESTED, "orders.release_orphan": {"repaired": True}}
    return lambda **known: api.post(PATH, headers=bearer(OPERATOR), json=WHY, **known)


def test_a_repair_is_requested_then_carried_out(repaired, services):
    assert repaired().json() == {"finding": {"finding_id": FINDING}, "repaired": True}
    assert services.requested == [
        ("users.repair_finding", {"finding_id": FINDING, **WHY}),
        ("orders.release_orphan", REQUEST),
    ]


def test_a_refused_request_repairs_nothing(repaired, services):
    services.answers["users.repair_finding"] = Conflict(code="finding_not_repairable")
    assert problem(repaired()) == (409, "finding_not_repairable")
    assert [method for method, _ in services.requested] == ["users.repair_finding"]


def test_a_service_that_does_not_answer_is_said(repaired, services):
    services.answers["orders.release_orphan"] = ServiceUnavailable()
    assert problem(repaired()) == (503, "service_unavailable")


def test_only_repairs_are_carried_out(repaired, services):
    services.answers["users.repair_finding"] = {**REQUESTED, "method": "users.erase_account"}
    assert repaired().status_code == 500
    assert [method for method, _ in services.requested] == ["users.repair_finding"]


def test_a_repair_needs_an_operator_and_a_reason(api, services):
    assert api.post(PATH, headers=bearer(SHOPPER), json=WHY).status_code == 403
    assert api.post(PATH, headers=bearer(OPERATOR), json={}).status_code == 422
    assert services.requested == []
